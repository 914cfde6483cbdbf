namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// A classifier of CIFAR-10's images, scored on test images that are enlarged to 512x512 and decoded both ways.
/// </summary>
internal static class Accuracy
{
    private const int Test = 10_000, Side = 512;

    public static void Measure(string archive, string model)
    {
        using var classifier = ImageClassifier.Load(model);
        var (whole, scaled, same) = (0, 0, 0);
        var difference = 0.0;
        foreach (var (label, file) in Photographs.Cifar(archive, "test", Test))
        {
            var large = Photographs.Enlarged(file, Side);
            var (first, second) =
                (Score(Decoding.Whole(large, classifier.Input)), Score(Decoding.Scaled(large, classifier.Input)));
            var (one, other) = (Best(first), Best(second));
            whole += classifier.Classes[one] == label ? 1 : 0;
            scaled += classifier.Classes[other] == label ? 1 : 0;
            same += one == other ? 1 : 0;
            difference += first.Zip(second, (a, b) => Math.Abs(a - b)).Max() / Test;
        }
        Console.WriteLine("accuracy, whole | accuracy, scaled | same class | mean largest difference of a probability");
        Console.WriteLine(FormattableString.Invariant(
            $"{(double)whole / Test:F4} | {(double)scaled / Test:F4} | {(double)same / Test:F4} | {difference:F4}"));

        float[] Score(byte[] planar)
        {
            var scores = new float[classifier.Classes.Count];
            classifier.Score(planar, scores);
            return scores;
        }

        static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());
    }
}
