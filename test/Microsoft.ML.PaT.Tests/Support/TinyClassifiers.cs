namespace Microsoft.ML.PaT.Tests;

internal static class TinyClassifiers
{
    public static readonly Normalization Normalization = new([0.4f, 0.5f, 0.6f], [0.2f, 0.25f, 0.3f]);

    /// <summary>A ResNet-8 for 8x8 images with random weights.</summary>
    public static ImageClassifier Create(int classes = 3, int seed = 1)
    {
        var definition = TinyNetworks.ResNet8(classes);
        using var network = TinyNetworks.Trainable(definition, seed);
        return new(definition, network.Tensors, Normalization, Names(classes));
    }

    /// <summary>A small report with values that are hard to write: no value, NaN, text with quotes.</summary>
    public static RunReport Report(int classes = 3) => new()
    {
        Network = "resnet8-cifar",
        Dataset = "\"tiny\" <images> ☃",
        Classes = Names(classes),
        Recipe = new TrainingRecipe { Pruning = new() { Policy = PruningPolicy.AtEpoch(1) }, Seed = 7 }.ToJson(),
        Images = new(90, 10, ["row 3: damaged"], 1),
        Epochs =
            [
                new(0, TrainingPhase.Dense, 1.25, null, 0.5, 180, 0.1, null),
                new(1, TrainingPhase.Compact, double.NaN, 0.75, 0.4, 225, 0, 0.99),
            ],
        PruneEpoch = 1,
        PruneReason = "asked for",
        Dense = new(1000, 20000, 0.5),
        Seconds = new(1, 0.5, 0.1, 0.3, 0.01),
        Widths = new Dictionary<string, int[]> { ["conv1"] = [16, 8] },
        Observations = [new(0.5, [16], null, null, null, false, "too early")],
        Machine = "a test",
    };

    /// <summary>Random images as bytes, [n,3,8,8].</summary>
    public static byte[] Images(int n, int seed = 3)
    {
        var images = new byte[n * 3 * 8 * 8];
        new Random(seed).NextBytes(images);
        return images;
    }

    private static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];
}
