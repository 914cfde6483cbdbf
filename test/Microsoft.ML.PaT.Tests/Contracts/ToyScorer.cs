using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.PaT.Tests.Contracts;

/// <summary>
/// A model of three bytes as a chain of ML.NET's own transformers, stored in a column. Contains no product code: the
/// tests show the ML.NET behavior that the product relies on.
/// </summary>
internal static class ToyScorer
{
    public static readonly string[] Labels = ["cat", "dog", "ant"];

    public static readonly Example[] Examples =
    [
        new() { Label = "cat", Features = [1, 0, 0] },
        new() { Label = "dog", Features = [0, 1, 0] },
        new() { Label = "ant", Features = [0, 0, 1] },
        new() { Label = "ant", Features = [1, 0, 0] },
    ];

    private const string KeyColumn = "Toy.Key", ModelColumn = "Toy.Model", IndexColumn = "Toy.Index";

    public static IEstimator<ITransformer> Estimator(MLContext ml, params byte[] model) =>
        ml.Transforms.CustomMapping(new ConstantKey().GetMapping(), ConstantKey.Contract)
            .Append(ml.Transforms.Conversion.MapValue(ModelColumn, [KeyValuePair.Create(ConstantKey.Value, model)],
                KeyColumn))
            .Append(ml.Transforms.CustomMapping(new Scorer().GetMapping(), Scorer.Contract))
            .Append(ml.Transforms.Conversion.MapValue("PredictedLabel",
                Labels.Select((label, i) => KeyValuePair.Create(i, label)), IndexColumn, treatValuesAsKeyType: true))
            .Append(ml.Transforms.DropColumns(KeyColumn, ModelColumn, IndexColumn));

    public static ITransformer Reloaded(ITransformer model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        new MLContext().Model.Save(model, schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    public sealed class Example
    {
        public string Label { get; set; } = "";

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    public sealed class Nothing;

    public sealed class Keyed
    {
        [ColumnName(KeyColumn)]
        public string Key { get; set; } = "";
    }

    public sealed class ScorerInput
    {
        [ColumnName(ModelColumn)]
        public byte[] Model { get; set; } = [];

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    public sealed class ScorerOutput
    {
        [VectorType(3)]
        public float[] Score { get; set; } = [];

        [ColumnName(IndexColumn)]
        public int Index { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    public sealed class ConstantKey : CustomMappingFactory<Nothing, Keyed>
    {
        public const string Contract = "Microsoft.ML.PaT.Tests.ConstantKey", Value = "model";

        public override Action<Nothing, Keyed> GetMapping() => (_, keyed) => keyed.Key = Value;
    }

    /// <summary>Scores are the softmax of the features times the model's bytes.</summary>
    [CustomMappingFactoryAttribute(Contract)]
    public sealed class Scorer : CustomMappingFactory<ScorerInput, ScorerOutput>
    {
        public const string Contract = "Microsoft.ML.PaT.Tests.Scorer";

        public override Action<ScorerInput, ScorerOutput> GetMapping() => (input, output) =>
        {
            var exponentials = input.Features.Zip(input.Model, (f, m) => MathF.Exp(f * m)).ToArray();
            output.Score = [.. exponentials.Select(e => e / exponentials.Sum())];
            output.Index = Array.IndexOf(output.Score, output.Score.Max());
        };
    }
}
