namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>What a batch-norm computed with in a forward pass, one value a channel: what its backward pass needs beside tensors.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="InverseDeviation">1 / sqrt(variance + epsilon).</param>
/// <param name="Scale">Factor on the input.</param>
/// <param name="Shift">Summand after it.</param>
/// <param name="IsFrozen">Whether mean and deviation do not depend on the input.</param>
internal sealed record NormState(double[] Mean, double[] InverseDeviation, float[] Scale, float[] Shift, bool IsFrozen)
{
    /// <summary>Scale and shift that normalize.</summary>
    /// <param name="mean">Mean.</param>
    /// <param name="variance">Biased variance.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="weight">Factor after normalization.</param>
    /// <param name="bias">Summand after it.</param>
    /// <param name="isFrozen">Whether mean and variance are given.</param>
    public static NormState Of(double[] mean, double[] variance, double epsilon, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, bool isFrozen)
    {
        var channels = mean.Length;
        var (inverse, scale, shift) = (new double[channels], new float[channels], new float[channels]);
        for (var c = 0; c < channels; c++)
        {
            inverse[c] = 1 / Math.Sqrt(variance[c] + epsilon);
            scale[c] = (float)(weight[c] * inverse[c]);
            // With the factor as rounded, so that a large mean cancels.
            shift[c] = (float)(bias[c] - mean[c] * scale[c]);
        }
        return new(mean, inverse, scale, shift, isFrozen);
    }
}
