namespace Microsoft.ML.PaT.Data;

/// <summary>Receives decoded images.</summary>
internal abstract class ImageSink(ImageShape shape)
{
    public abstract int Count { get; }

    /// <summary>Copies an image.</summary>
    /// <param name="planar">Pixels, [C,H,W].</param>
    /// <param name="label">Index of the class.</param>
    public void Add(ReadOnlySpan<byte> planar, int label, float weight = 1)
    {
        if (planar.Length != shape.Size)
        {
            throw new ArgumentException(
                $"An image of {shape} has {shape.Size} bytes, not {planar.Length}.", nameof(planar));
        }
        Take(planar, label, weight);
    }

    /// <summary>Copies an image of the right size.</summary>
    protected abstract void Take(ReadOnlySpan<byte> planar, int label, float weight);
}
