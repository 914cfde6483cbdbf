using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>All pictures of a set in one tensor, as bytes, with their labels.</summary>
/// <remarks>Owns its two tensors.</remarks>
internal sealed class PictureStore : IDisposable
{
    private readonly long[] _labels;

    /// <summary>Takes over two tensors.</summary>
    /// <param name="pixels">uint8 [N,C,H,W] on the CPU.</param>
    /// <param name="labels">int64 [N] on the CPU, positions in <paramref name="classes"/>.</param>
    /// <param name="classes">Names of the classes.</param>
    public PictureStore(Tensor pixels, Tensor labels, IReadOnlyList<string> classes)
    {
        Pixels = pixels.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
        Classes = classes;
        Count = checked((int)pixels.shape[0]);
        Shape = new((int)pixels.shape[1], (int)pixels.shape[2], (int)pixels.shape[3]);
        _labels = labels.data<long>().ToArray();
        LabelCounts = new int[classes.Count];
        foreach (var label in _labels) LabelCounts[label]++;
    }

    /// <summary>The pictures, uint8 [N,C,H,W] on the CPU.</summary>
    public Tensor Pixels { get; }

    /// <summary>The positions of their classes, int64 [N] on the CPU.</summary>
    public Tensor Labels { get; }

    /// <summary>Shape of one picture.</summary>
    public ImageShape Shape { get; }

    /// <summary>Number of pictures.</summary>
    public int Count { get; }

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Number of pictures of each class.</summary>
    public int[] LabelCounts { get; }

    /// <summary>Copies some of the pictures, in the order of <paramref name="indices"/>.</summary>
    public PictureStore Subset(long[] indices)
    {
        using var scope = NewDisposeScope();
        var rows = tensor(indices, dtype: int64);
        return new(Pixels.index_select(0, rows), Labels.index_select(0, rows), Classes);
    }

    /// <summary>Copies the pictures into two sets in which every class has the same share, to a picture.</summary>
    /// <param name="validationShare">The share that is held out, fraction 0 to 1. A class never loses its last training picture.</param>
    /// <param name="seed">Decides which ones.</param>
    public (PictureStore Training, PictureStore Validation) Split(double validationShare, int seed)
    {
        var training = new List<long>(Count);
        var validation = new List<long>();
        foreach (var shuffled in ShuffledByClass(seed))
        {
            var held = Math.Min((int)Math.Round(shuffled.Length * validationShare), shuffled.Length - 1);
            held = Math.Max(held, 0);
            validation.AddRange(shuffled[..held]);
            training.AddRange(shuffled[held..]);
        }
        return (Subset([.. training.Order()]), Subset([.. validation.Order()]));
    }

    /// <summary>Copies the pictures into two sets, one fold and the rest. Over all folds every picture is held out once, and every class is spread over them evenly, to a picture.</summary>
    /// <param name="folds">How many there are, at least 2.</param>
    /// <param name="fold">Which one is held out, from 0.</param>
    /// <param name="seed">Decides which pictures are in which.</param>
    public (PictureStore Training, PictureStore Validation) Fold(int folds, int fold, int seed)
    {
        // Dealt out like cards, one class after the other, so that the folds are of one size too.
        var dealt = ShuffledByClass(seed).SelectMany(members => members).Select((picture, i) => (picture, Fold: i % folds)).ToLookup(p => p.Fold == fold, p => p.picture);
        return (Subset([.. dealt[false].Order()]), Subset([.. dealt[true].Order()]));
    }

    private IEnumerable<long[]> ShuffledByClass(int seed)
    {
        var random = new Random(seed);
        var byClass = new List<long>[Classes.Count];
        for (var c = 0; c < byClass.Length; c++) byClass[c] = new(LabelCounts[c]);
        for (var i = 0; i < Count; i++) byClass[_labels[i]].Add(i);
        foreach (var members in byClass)
        {
            var shuffled = members.ToArray();
            random.Shuffle(shuffled);
            yield return shuffled;
        }
    }

    /// <summary>Mean and standard deviation of each channel over all pixels of all pictures.</summary>
    /// <remarks>From a histogram of the 256 values, so that the result is exact and does not depend on the order of additions.</remarks>
    public Normalization ComputeNormalization()
    {
        var histogram = new long[Shape.Channels][];
        for (var c = 0; c < histogram.Length; c++) histogram[c] = new long[256];
        var plane = Shape.Height * Shape.Width;
        const int block = 1024;
        for (long start = 0; start < Count; start += block)
        {
            using var rows = Pixels.narrow(0, start, Math.Min(block, Count - start));
            var bytes = rows.bytes;
            for (var at = 0; at < bytes.Length; at += plane)
            {
                var counts = histogram[at / plane % Shape.Channels];
                foreach (var value in bytes.Slice(at, plane)) counts[value]++;
            }
        }

        var mean = new float[Shape.Channels];
        var deviation = new float[Shape.Channels];
        for (var c = 0; c < mean.Length; c++)
        {
            double total = Math.Max(1, histogram[c].Sum()), sum = 0, squares = 0;
            for (var v = 0; v < 256; v++) sum += (double)v * histogram[c][v];
            var m = sum / total;
            for (var v = 0; v < 256; v++) squares += (v - m) * (v - m) * histogram[c][v];
            mean[c] = (float)(m / 255);
            // A channel of one value carries nothing; one grey level keeps it from dividing by zero.
            deviation[c] = (float)Math.Max(Math.Sqrt(squares / total) / 255, 1.0 / 255);
        }
        return new(mean, deviation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }
}
