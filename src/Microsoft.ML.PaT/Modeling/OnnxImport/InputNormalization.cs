namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Normalization of pixels before the first layer: pixel * scale + shift, per channel.</summary>
internal sealed record InputNormalization(float[] Scale, float[] Shift)
{
    public bool IsIdentity => Array.TrueForAll(Scale, s => s == 1) && Array.TrueForAll(Shift, s => s == 0);

    public bool Equals(InputNormalization? other) =>
        other is not null && Scale.AsSpan().SequenceEqual(other.Scale) && Shift.AsSpan().SequenceEqual(other.Shift);

    public override int GetHashCode() => HashCode.Combine(Scale.Length, Scale[0], Shift[0]);

    /// <summary>
    /// Largest pixel value that the graph expects, 1 or 255. Bytes have 255; for floats it is the value for which the
    /// means are within the range.
    /// </summary>
    /// <param name="isBytes">Whether the input has type uint8.</param>
    public float Range(bool isBytes) =>
        isBytes || Scale.Zip(Shift, (scale, shift) => -shift / scale).Max() > 2 || Scale.Min() < 0.5f ? 255 : 1;

    /// <summary>Converts to mean and standard deviation in the range 0 to 1.</summary>
    /// <param name="range">Largest pixel value that the graph expects.</param>
    public Normalization ToNormalization(float range) => new(
        [.. Scale.Zip(Shift, (scale, shift) => -shift / scale / range)],
        [.. Scale.Select(scale => 1 / (scale * range))]);
}
