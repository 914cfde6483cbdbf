using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Counts scored images for a <see cref="ClassificationReport"/>. Keeps only the worst images, as thumbnails.
/// </summary>
/// <param name="set"><c>validation</c> or <c>test</c>.</param>
/// <param name="classes">Class names in the order of the training keys.</param>
/// <param name="shape">Shape of an image, [C,H,W].</param>
internal sealed class ConfusionMatrixBuilder(string set, IReadOnlyList<string> classes, ImageShape shape)
{
    private const int MostWorst = 12;
    private const int MostClassesInMatrix = 100;
    private const double MinProbability = 1e-15;

    // Non-zero cells only: a matrix of 65,535 classes does not fit in memory.
    private readonly Dictionary<(int Truth, int Predicted), int> _cells = [];
    private readonly PriorityQueue<WorstImage, double> _worst = new();
    private double _loss;
    private int _count;

    /// <summary>Fraction of correctly classified images, 0 to 1; NaN before the first.</summary>
    public double Accuracy => (double)_cells.Where(c => c.Key.Truth == c.Key.Predicted).Sum(c => c.Value) / _count;

    /// <summary>Adds an image.</summary>
    /// <param name="truth">Index of its class.</param>
    /// <param name="name">File or name of the image; null if unknown.</param>
    /// <param name="planar">Returns its pixels, [C,H,W]; called for few images.</param>
    public void Add(int truth, ReadOnlySpan<float> probabilities, string? name, Func<byte[]> planar)
    {
        var predicted = 0;
        for (var c = 1; c < probabilities.Length; c++)
        {
            if (probabilities[c] > probabilities[predicted]) predicted = c;
        }
        double probability = probabilities[truth];
        var loss = -Math.Log(probability > MinProbability ? probability : MinProbability);
        _cells[(truth, predicted)] = _cells.GetValueOrDefault((truth, predicted)) + 1;
        _loss += loss;
        _count++;
        if (predicted == truth || (_worst.Count == MostWorst && _worst.TryPeek(out _, out var least) && loss <= least))
            return;
        if (_worst.Count == MostWorst) _worst.Dequeue();
        _worst.Enqueue(
            new(
                name,
                classes[truth],
                classes[predicted],
                probability,
                probabilities[predicted],
                loss,
                Convert.ToBase64String(PngEncoder.Thumbnail(planar(), shape))),
            loss);
    }

    public ClassificationReport Report()
    {
        var counts = new (int Images, int Predicted, int Correct)[classes.Count];
        foreach (var ((truth, predicted), count) in _cells)
        {
            counts[truth].Images += count;
            counts[predicted].Predicted += count;
            if (truth == predicted) counts[truth].Correct += count;
        }
        return new(
            set,
            _count,
            _loss / _count,
            [.. counts.Select(c => new ClassReport(c.Images, c.Predicted, c.Correct))],
            classes.Count > MostClassesInMatrix
                ? null
                :
                [
                    .. classes.Select(
                        (_, truth) =>
                            classes.Select((_, predicted) => _cells.GetValueOrDefault((truth, predicted))).ToArray()),
                ])
        {
            Worst =
            [
                .. _worst
                    .UnorderedItems.OrderByDescending(w => w.Priority)
                    .ThenBy(w => w.Element.Name, StringComparer.Ordinal)
                    .Select(w => w.Element),
            ],
        };
    }
}
