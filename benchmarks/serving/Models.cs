namespace Microsoft.ML.PaT.Benchmark;

/// <summary>Models of one architecture, fitted for a moment: speed does not depend on how well they classify.</summary>
internal static class Models
{
    public static (ITransformer Model, PruningAwareTrainingTransformer Scorer, DataViewSchema Schema) Fit(
        MLContext ml, NetworkArchitecture network, double? remove, int threads)
    {
        var rows = ml.Data.LoadFromEnumerable(Row.Noise(200));
        var keys = ml.Transforms.Conversion.MapValueToKey("Label");
        var estimator = ml.PaT()
            .ImageClassification(
                new PruningAwareTrainingOptions
                {
                    Network = network,
                    Images = new() { Height = 32, Width = 32 },
                    Training = new() { Epochs = 1, BatchSize = 50 },
                    Threads = threads,
                    Pruning = remove is { } ratio
                        ? new()
                        {
                            Policy = PruningPolicy.AtInitialization,
                            Criterion = Importance.Magnitude,
                            Target = PruningTarget.Channels(ratio),
                        }
                        : new() { Policy = PruningPolicy.Never },
                });
        var model = keys.Append(estimator).Fit(rows);
        return (model, model.LastTransformer, rows.Schema);
    }
}
