namespace Microsoft.ML.PaT.Data;

/// <summary>Takes decoded images one after the other.</summary>
/// <param name="shape">Shape of every image.</param>
internal abstract class ImageSink(ImageShape shape)
{
    /// <summary>Images added so far.</summary>
    public abstract int Count { get; }

    /// <summary>Copies one image.</summary>
    /// <param name="planar">Its pixels, [C,H,W].</param>
    /// <param name="label">Position of its class.</param>
    /// <param name="weight">How much it counts, relative to others.</param>
    public void Add(ReadOnlySpan<byte> planar, int label, float weight = 1)
    {
        if (planar.Length != shape.Size) throw new ArgumentException($"An image of {shape} has {shape.Size} bytes, not {planar.Length}.", nameof(planar));
        Take(planar, label, weight);
    }

    /// <summary>Copies an image of the right size.</summary>
    protected abstract void Take(ReadOnlySpan<byte> planar, int label, float weight);
}
