using System.Text;

namespace PaT.Cli;

/// <summary>How well a classifier does on labeled images.</summary>
/// <param name="Accuracy">Fraction of all images that are classified correctly, fraction 0 to 1.</param>
/// <param name="MacroAccuracy">Mean over the classes of the fraction of their images that is; every class counts alike.</param>
/// <param name="LogLoss">Mean of -ln of the probability given to the true class, of images whose class the model knows.</param>
/// <param name="Images">Images scored.</param>
/// <param name="Unknown">Images of classes that the model does not know: they count as wrong.</param>
/// <param name="Classes">Class by class.</param>
internal sealed record ClassificationMetrics(double Accuracy, double MacroAccuracy, double? LogLoss, int Images, int Unknown, IReadOnlyList<ClassMetrics> Classes)
{
    private const double MinProbability = 1e-15;

    /// <summary>Computes.</summary>
    /// <param name="classes">Names of the classes that the model knows, in the order of scores.</param>
    /// <param name="scored">For each image its class and the probability of each class.</param>
    public static ClassificationMetrics Of(IReadOnlyList<string> classes, IEnumerable<(string Label, float[] Scores)> scored)
    {
        var position = classes.Select((name, i) => (name, i)).ToDictionary(c => Normal(c.name), c => c.i, StringComparer.Ordinal);
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

            count[truth]++;
            loss -= Math.Log(Math.Max(scores[truth], MinProbability));
            correct[truth] += best == truth ? 1 : 0;
        }

        var known = count.Sum();
        ClassMetrics[] each = [.. classes.Select((name, c) => new ClassMetrics(name, count[c], correct[c], Fraction(correct[c], count[c]), Fraction(correct[c], predicted[c])))];
        var recalls = each.Where(c => c.Recall is not null).Select(c => c.Recall!.Value).DefaultIfEmpty(0);
        return new ClassificationMetrics(Fraction(correct.Sum(), known + unknown) ?? 0, recalls.Average(), known == 0 ? null : loss / known, known + unknown, unknown, each);
    }

    /// <summary>Labels of other programs may differ in their Unicode normalization.</summary>
    private static string Normal(string label) => label.Normalize(NormalizationForm.FormC);

    private static double? Fraction(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
