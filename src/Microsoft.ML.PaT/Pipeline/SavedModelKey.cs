using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>The first mapping of a saved chain: gives every row the key under which the next step looks the model up.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class SavedModelKey : CustomMappingFactory<SavedModelKey.Input, SavedModelKey.Output>
{
    /// <summary>Name under which ML.NET finds the mapping; part of the file format.</summary>
    public const string Contract = "Microsoft.ML.PaT.ModelKey";

    /// <summary>The only key.</summary>
    public const string Key = "model";

    /// <summary>Column of the key.</summary>
    public const string Column = "PaT.Key";

    public override Action<Input, Output> GetMapping() => (_, output) => output.Key = Key;

    /// <summary>Nothing is read.</summary>
    internal sealed class Input
    {
    }

    /// <summary>The key is added.</summary>
    internal sealed class Output
    {
        [ColumnName(Column)]
        public string Key { get; set; } = "";
    }
}
