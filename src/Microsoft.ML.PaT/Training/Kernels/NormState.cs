namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>State of a batch-norm's forward pass that its backward pass needs, one value per channel.</summary>
/// <param name="InverseDeviation">1 / sqrt(variance + epsilon).</param>
/// <param name="IsFrozen">Whether mean and variance are constants that do not depend on the input.</param>
internal sealed record NormState(double[] Mean, double[] InverseDeviation, float[] Scale, float[] Shift, bool IsFrozen)
{
    /// <param name="isFrozen">Whether mean and variance are constants.</param>
    public static NormState Of(
        double[] mean,
        double[] variance,
        double epsilon,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        bool isFrozen)
    {
        var channels = mean.Length;
        var (inverse, scale, shift) = (new double[channels], new float[channels], new float[channels]);
        for (var c = 0; c < channels; c++)
        {
            inverse[c] = 1 / Math.Sqrt(variance[c] + epsilon);
            scale[c] = (float)(weight[c] * inverse[c]);
            // Use the rounded factor, so that a large mean cancels.
            shift[c] = (float)(bias[c] - mean[c] * scale[c]);
        }
        return new(mean, inverse, scale, shift, isFrozen);
    }
}
