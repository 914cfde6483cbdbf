namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// A classifier of CIFAR-10's images, scored on test images that are enlarged to 512x512 and decoded both ways: as it
/// is, and after three epochs on enlarged training images that were decoded in one of the ways.
/// </summary>
internal static class Accuracy
{
    private const int Training = 5_000, Test = 10_000, Side = 512;

    public static void Measure(string archive, string model)
    {
        using var classifier = ImageClassifier.Load(model);
        var test = Decode(archive, "test", Test, classifier.Input);
        Console.WriteLine("classifier | accuracy, whole | accuracy, scaled | same class");
        Print("as it is", classifier, test);
        var training = Decode(archive, "train", Training, classifier.Input);
        using var whole = FineTuned(classifier, model, [.. training.Select(t => (t.Label, t.Whole))]);
        Print("trained on whole", whole, test);
        using var scaled = FineTuned(classifier, model, [.. training.Select(t => (t.Label, t.Scaled))]);
        Print("trained on scaled", scaled, test);
    }

    private static List<Decoded> Decode(string archive, string part, int count, ImageShape shape) =>
    [
        .. Photographs.Cifar(archive, part, count)
            .Select(file => (file.Label, Large: Photographs.Enlarged(file.File, Side)))
            .Select(file =>
                new Decoded(file.Label, Decoding.Whole(file.Large, shape), Decoding.Scaled(file.Large, shape))),
    ];

    private static ImageClassifier FineTuned(
        ImageClassifier classifier, string model, IReadOnlyList<(string Label, byte[] Pixels)> images)
    {
        using var training = ImageDataset.FromPixels(
            images.SelectMany(i => i.Pixels).ToArray(),
            [.. images.Select(i => IndexOf(classifier, i.Label))],
            classifier.Input,
            classifier.Classes);
        var options = new PruningAwareTrainingOptions
        {
            Network = new("trained", classifier.Input, (_, _) => classifier.Network),
            Weights = new(model),
            Images = new() { Normalization = classifier.Normalization },
            Pruning = new() { Policy = PruningPolicy.Never },
            Training = new() { Epochs = 3, LearningRate = 0.02, ValidationFraction = 0 },
            Seed = 1,
        };
        return PruningTrainer.Train(training, options).Classifier;
    }

    private static void Print(string name, ImageClassifier classifier, IReadOnlyList<Decoded> images)
    {
        var (whole, scaled, same) = (0, 0, 0);
        foreach (var image in images)
        {
            var (one, other) = (Best(classifier, image.Whole), Best(classifier, image.Scaled));
            whole += classifier.Classes[one] == image.Label ? 1 : 0;
            scaled += classifier.Classes[other] == image.Label ? 1 : 0;
            same += one == other ? 1 : 0;
        }
        var n = (double)images.Count;
        Console.WriteLine(FormattableString.Invariant($"{name} | {whole / n:P2} | {scaled / n:P2} | {same / n:P2}"));
    }

    private static int Best(ImageClassifier classifier, byte[] planar)
    {
        var scores = new float[classifier.Classes.Count];
        classifier.Score(planar, scores);
        return Array.IndexOf(scores, scores.Max());
    }

    private static int IndexOf(ImageClassifier classifier, string label) =>
        classifier.Classes.ToList().IndexOf(label);

    /// <summary>An image, decoded both ways: bytes [C,H,W].</summary>
    private sealed record Decoded(string Label, byte[] Whole, byte[] Scaled);
}
