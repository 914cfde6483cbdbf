using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>First mapping of a saved chain: adds the key that the look-up table maps to the model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavedModelKey : CustomMappingFactory<SavedModelKey.Input, SavedModelKey.Output>
{
    /// <summary>Contract name of the mapping; part of the file format.</summary>
    public const string Contract = "Microsoft.ML.PaT.ModelKey";

    public const string Key = "model";

    public const string Column = "PaT.Key";

    public override Action<Input, Output> GetMapping() => (_, output) => output.Key = Key;

    internal sealed class Input
    {
    }

    internal sealed class Output
    {
        [ColumnName(Column)]
        public string Key { get; set; } = "";
    }
}
