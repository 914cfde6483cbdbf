using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Tests;

/// <summary>A model of three bytes, saved and loaded as a chain of built-in transformers that carries them in a column.</summary>
internal static class ToyScorer
{
    private const string KeyColumn = "ToyKey", ModelColumn = "ToyModel", IndexColumn = "ToyIndex";

    internal static readonly string[] Labels = ["cat", "dog", "ant"];

    /// <summary>Constant key, model bytes by that key, scores, label by index, and away with the helper columns.</summary>
    internal static IEstimator<ITransformer> Estimator(MLContext ml, byte[] model) =>
        ml.Transforms.CustomMapping(new ConstantKey().GetMapping(), ConstantKey.Contract)
            .Append(ml.Transforms.Conversion.MapValue(ModelColumn, new Dictionary<string, byte[]> { [ConstantKey.Value] = model }, KeyColumn))
            .Append(ml.Transforms.CustomMapping(new Scorer().GetMapping(), Scorer.Contract))
            .Append(ml.Transforms.Conversion.MapValue("PredictedLabel", Labels.Select((label, i) => KeyValuePair.Create(i, label)), IndexColumn, treatValuesAsKeyType: true))
            .Append(ml.Transforms.DropColumns(KeyColumn, ModelColumn, IndexColumn));

    public sealed class Nothing;

    public sealed class Keyed
    {
        [ColumnName(KeyColumn)] public string Key { get; set; } = "";
    }

    public sealed class ScorerInput
    {
        [ColumnName(ModelColumn)] public byte[] Model { get; set; } = [];
        [VectorType(3)] public float[] Features { get; set; } = [];
    }

    public sealed class ScorerOutput
    {
        [VectorType(3)] public float[] Score { get; set; } = [];
        [ColumnName(IndexColumn)] public int Index { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    public sealed class ConstantKey : CustomMappingFactory<Nothing, Keyed>
    {
        internal const string Contract = "Microsoft.ML.Tests.ConstantKey", Value = "model";
        public override Action<Nothing, Keyed> GetMapping() => (_, keyed) => keyed.Key = Value;
    }

    /// <summary>Scores are the softmax of features times the model's bytes.</summary>
    [CustomMappingFactoryAttribute(Contract)]
    public sealed class Scorer : CustomMappingFactory<ScorerInput, ScorerOutput>
    {
        internal const string Contract = "Microsoft.ML.Tests.Scorer";

        public override Action<ScorerInput, ScorerOutput> GetMapping() => (input, output) =>
        {
            var exponentials = input.Features.Zip(input.Model, (f, m) => MathF.Exp(f * m)).ToArray();
            output.Score = exponentials.Select(e => e / exponentials.Sum()).ToArray();
            output.Index = Array.IndexOf(output.Score, output.Score.Max());
        };
    }
}
