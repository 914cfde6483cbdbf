using System.Text;

namespace PaT.Cli;

/// <summary>The metrics of a classifier on labeled images.</summary>
/// <param name="Accuracy">Fraction of all images that are classified correctly.</param>
/// <param name="MacroAccuracy">Mean recall of the classes, which have equal weights.</param>
/// <param name="LogLoss">Mean of -ln of the probability of the true class, over images of known classes.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Unknown">Images of classes that the model does not have; they count as wrong.</param>
internal sealed record ClassificationMetrics(
    double Accuracy,
    double MacroAccuracy,
    double? LogLoss,
    int Images,
    int Unknown,
    IReadOnlyList<ClassMetrics> Classes)
{
    private const double MinProbability = 1e-15;

    /// <param name="classes">Names of the model's classes, in the order of scores. Classes may share a name, as two
    /// pairs of ImageNet's do; an image of that name is classified correctly as any of them.</param>
    /// <param name="scored">For each image its class and the probability of each class.</param>
    public static ClassificationMetrics Of(
        IReadOnlyList<string> classes, IEnumerable<(string Label, float[] Scores)> scored)
    {
        string[] names = [.. classes.Select(Normal)];
        var position = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, name) in names.Index()) position.TryAdd(name, index);
        var (count, correct, predicted) = (new int[classes.Count], new int[classes.Count], new int[classes.Count]);
        var (unknown, loss) = (0, 0.0);
        foreach (var (label, scores) in scored)
        {
            var best = Array.IndexOf(scores, scores.Max());
            predicted[best]++;
            if (!position.TryGetValue(Normal(label), out var truth))
            {
                unknown++;
                continue;
            }
            if (names[best] == names[truth]) truth = best;
            count[truth]++;
            loss -= Math.Log(Math.Max(scores[truth], MinProbability));
            correct[truth] += best == truth ? 1 : 0;
        }

        var known = count.Sum();
        ClassMetrics[] each = [.. classes.Select((name, c) => new ClassMetrics(
            name, count[c], correct[c], Fraction(correct[c], count[c]), Fraction(correct[c], predicted[c])))];
        var recalls = each.Select(c => c.Recall).OfType<double>().DefaultIfEmpty(0);
        var accuracy = Fraction(correct.Sum(), known + unknown) ?? 0;
        double? logLoss = known == 0 ? null : loss / known;
        return new(accuracy, recalls.Average(), logLoss, known + unknown, unknown, each);
    }

    // Labels of other programs may differ in their Unicode normalization.
    internal static string Normal(string label) => label.Normalize(NormalizationForm.FormC);

    private static double? Fraction(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
