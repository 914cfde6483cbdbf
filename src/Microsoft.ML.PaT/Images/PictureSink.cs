namespace Microsoft.ML.PaT;

/// <summary>Takes decoded pictures one after the other.</summary>
/// <param name="shape">Shape of every picture.</param>
internal abstract class PictureSink(ImageShape shape)
{
    /// <summary>Pictures added so far.</summary>
    public abstract int Count { get; }

    /// <summary>Copies one picture.</summary>
    /// <param name="planar">Its pixels, [C,H,W].</param>
    /// <param name="label">Position of its class.</param>
    /// <param name="weight">How much it counts, relative to others.</param>
    public void Add(ReadOnlySpan<byte> planar, int label, float weight = 1)
    {
        if (planar.Length != shape.Size) throw new ArgumentException($"A picture of {shape} has {shape.Size} bytes, not {planar.Length}.", nameof(planar));
        Take(planar, label, weight);
    }

    /// <summary>Copies a picture of the right size.</summary>
    protected abstract void Take(ReadOnlySpan<byte> planar, int label, float weight);
}
