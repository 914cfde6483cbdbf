using Microsoft.ML.PaT.Internal;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>Collects decoded images for an <see cref="ImageDataset"/>.</summary>
/// <remarks>
/// Owns its chunks of native memory. Chunks of some megabytes, unlike an array that grows, never need twice the memory
/// of the data set.
/// </remarks>
internal sealed class ImageDatasetBuilder(ImageShape shape) : ImageSink(shape), IDisposable
{
    private const int ChunkBytes = 16 << 20;
    private readonly ImageShape _shape = shape;
    private readonly int _perChunk = Math.Max(1, ChunkBytes / shape.Size);
    private readonly List<Tensor> _chunks = [];
    private readonly List<long> _labels = [];
    private readonly List<float> _weights = [];

    public override int Count => _labels.Count;

    /// <summary>Copies decoded images: <see cref="ImageDataset.FromPixels"/>.</summary>
    public static ImageDataset Copy(
        ReadOnlySpan<byte> pixels, IReadOnlyList<int> labels, ImageShape shape, IReadOnlyList<string> classes)
    {
        if (labels.Count == 0 || pixels.Length != (long)labels.Count * shape.Size)
        {
            throw new ArgumentException(
                $"{labels.Count} images of {shape} have {(long)labels.Count * shape.Size} bytes; there are "
                    + $"{pixels.Length}.",
                nameof(pixels));
        }
        if (labels.Any(l => l < 0 || l >= classes.Count))
        {
            throw new ArgumentException(
                $"Labels are positions of {classes.Count} classes, 0 to {classes.Count - 1}; one is "
                    + $"{labels.First(l => l < 0 || l >= classes.Count)}.",
                nameof(labels));
        }
        if (classes.CountBy(c => c).FirstOrDefault(c => c.Value > 1).Key is { } twice)
            throw new ArgumentException($"The class '{twice}' is given more than once.", nameof(classes));
        TorchLibrary.Require();
        using var images = new ImageDatasetBuilder(shape);
        for (var i = 0; i < labels.Count; i++) images.Add(pixels.Slice(i * shape.Size, shape.Size), labels[i]);
        return images.Build([.. classes]);
    }

    protected override void Take(ReadOnlySpan<byte> planar, int label, float weight)
    {
        var at = Count % _perChunk;
        if (at == 0) _chunks.Add(empty([_perChunk, _shape.Size], dtype: uint8, device: CPU).DetachFromDisposeScope());
        planar.CopyTo(_chunks[^1].bytes[(at * _shape.Size)..]);
        _labels.Add(label);
        _weights.Add(weight);
    }

    /// <summary>Creates the data set and empties the builder.</summary>
    public ImageDataset Build(IReadOnlyList<string> classes)
    {
        using var scope = NewDisposeScope();
        var pixels = empty([Count, _shape.Channels, _shape.Height, _shape.Width], dtype: uint8, device: CPU);
        var flat = pixels.view(Count, _shape.Size);
        for (var c = 0; c < _chunks.Count; c++)
        {
            var rows = Math.Min(_perChunk, Count - c * _perChunk);
            flat.narrow(0, (long)c * _perChunk, rows).copy_(_chunks[c].narrow(0, 0, rows));
            _chunks[c].Dispose();
        }
        var store = new ImageDataset(
            pixels, tensor(_labels.ToArray(), dtype: int64), classes, tensor(_weights.ToArray(), dtype: float32));
        Clear();
        return store;
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks) chunk.Dispose();
        Clear();
    }

    private void Clear()
    {
        _chunks.Clear();
        _labels.Clear();
        _weights.Clear();
    }
}
