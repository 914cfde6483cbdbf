namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// Batch-norm over rows [rows,C] with an optional residual addition and an activation. Statistics and normalization are
/// separate calls, so that ranks can all-reduce the statistics in between. Sums are taken over fixed blocks of rows and
/// added in order: results do not depend on the number of threads.
/// </summary>
internal sealed unsafe class NormKernel(ActivationFunction? activation)
{
    private readonly NormLoops _loops = NormLoops.Of(activation);

    /// <summary>Whether the backward pass with a residual needs the output; otherwise it needs the residual.</summary>
    public bool GatesByOutput => _loops.GatesByOutput;

    public bool IsGated => activation is not null;

    /// <summary>
    /// Returns the mean and biased variance per channel. Within a block, sums are relative to the mean of some of its
    /// rows, which avoids cancellation with large means.
    /// </summary>
    public (double[] Mean, double[] Variance) Moments(float* x, long rows, int channels, int threads)
    {
        var work = NormWork.Begin(_loops, new(rows, channels, _loops.Lanes));
        var (mean, variance) = (new double[channels], new double[channels]);
        work.Moments(x, threads, mean, variance);
        return (mean, variance);
    }

    /// <summary>y = activation(x * scale + shift + residual).</summary>
    /// <param name="x">Input, [rows,C].</param>
    /// <param name="residual">[rows,C]; null for none.</param>
    /// <param name="y">Output, [rows,C].</param>
    /// <param name="threads">Maximum number of threads.</param>
    public void Normalize(float* x, float* residual, float* y, long rows, NormState state, int threads) =>
        NormWork.Begin(_loops, new(rows, state.Scale.Length, _loops.Lanes)).Normalize(x, residual, y, state, threads);

    /// <summary>
    /// Returns the sums over rows of the gradient before the activation, and of its product with x - mean.
    /// </summary>
    /// <param name="g">Gradient of the output, [rows,C].</param>
    /// <param name="other">Output or residual, depending on <see cref="GatesByOutput"/>; null without a
    /// residual.</param>
    /// <param name="gated">Receives the gradient before the activation; may be null.</param>
    /// <param name="threads">Maximum number of threads.</param>
    public (double[] Sums, double[] Products) GradientSums(
        float* g, float* x, float* other, float* gated, long rows, NormState state, int threads)
    {
        var channels = state.Scale.Length;
        var work = NormWork.Begin(_loops, new(rows, channels, _loops.Lanes));
        var (sums, products) = (new double[channels], new double[channels]);
        work.GradientSums(g, x, other, gated, state, threads, sums, products);
        return (sums, products);
    }

    /// <summary>Computes the gradient of the input.</summary>
    /// <param name="g">Gradient of the output, or before the activation if <paramref name="isGated"/>.</param>
    /// <param name="isGated">Whether the activation has been applied to the gradient.</param>
    /// <param name="rows">Values per channel on this rank.</param>
    /// <param name="threads">Maximum number of threads.</param>
    public void InputGradient(
        float* g,
        bool isGated,
        float* x,
        float* dx,
        long rows,
        long count,
        NormState state,
        double[] sums,
        double[] products,
        int threads) =>
        NormWork.Begin(_loops, new(rows, state.Scale.Length, _loops.Lanes))
            .InputGradient(g, isGated, x, dx, count, state, sums, products, threads);
}
