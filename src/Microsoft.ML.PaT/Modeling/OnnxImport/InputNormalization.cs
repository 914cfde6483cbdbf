namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>What a graph does with every pixel before the first layer: pixel * scale + shift, channel by channel.</summary>
/// <param name="Scale">Factor of each channel.</param>
/// <param name="Shift">Added to each channel then.</param>
internal sealed record InputNormalization(float[] Scale, float[] Shift)
{
    /// <summary>Whether pixels are used as they are.</summary>
    public bool IsIdentity => Array.TrueForAll(Scale, s => s == 1) && Array.TrueForAll(Shift, s => s == 0);

    /// <summary>Whether it is the same.</summary>
    public bool Equals(InputNormalization? other) => other is not null && Scale.AsSpan().SequenceEqual(other.Scale) && Shift.AsSpan().SequenceEqual(other.Shift);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Scale.Length, Scale[0], Shift[0]);

    /// <summary>The largest value of a pixel that the graph expects: 1 or 255. Where it is not stated (bytes have 255), means tell: they lie inside.</summary>
    /// <param name="isBytes">Whether the graph takes bytes.</param>
    public float Range(bool isBytes) =>
        isBytes || Scale.Zip(Shift, (scale, shift) => -shift / scale).Max() > 2 || Scale.Min() < 0.5f ? 255 : 1;

    /// <summary>The same as mean and deviation of pixels from 0 to 1.</summary>
    /// <param name="range">The largest value of a pixel that the graph expects.</param>
    public Normalization ToNormalization(float range) => new(
        [.. Scale.Zip(Shift, (scale, shift) => -shift / scale / range)],
        [.. Scale.Select(scale => 1 / (scale * range))]);
}
