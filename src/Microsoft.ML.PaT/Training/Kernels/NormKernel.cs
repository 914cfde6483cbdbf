namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// Batch-norm over rows [rows,C] with an optional residual addition and an activation. Statistics and what uses them are separate calls, so
/// that processes can add theirs up in between. Sums are taken by fixed blocks of rows and added in their order: results do not depend on the
/// number of threads.
/// </summary>
internal sealed unsafe class NormKernel(ActivationFunction? activation)
{
    private readonly NormLoops _loops = NormLoops.Of(activation);

    /// <summary>Whether the backward pass of a sum needs its output; else it needs the residual.</summary>
    public bool GatesByOutput => _loops.GatesByOutput;

    /// <summary>Whether there is an activation.</summary>
    public bool IsGated => activation is not null;

    /// <summary>Mean and biased variance of each channel. Within a block around a mean of some of its rows, so that large means cancel.</summary>
    public (double[] Mean, double[] Variance) Moments(float* x, long rows, int channels, int threads)
    {
        var work = NormWork.Begin(_loops, new(rows, channels, _loops.Lanes));
        var (mean, variance) = (new double[channels], new double[channels]);
        work.Moments(x, threads, mean, variance);
        return (mean, variance);
    }

    /// <summary>y = activation(x scale + shift + residual).</summary>
    /// <param name="x">Input, [rows,C].</param>
    /// <param name="residual">What is added, [rows,C]; null for nothing.</param>
    /// <param name="y">Output, [rows,C].</param>
    /// <param name="rows">Values a channel.</param>
    /// <param name="state">Scale and shift.</param>
    /// <param name="threads">Threads at most.</param>
    public void Normalize(float* x, float* residual, float* y, long rows, NormState state, int threads) =>
        NormWork.Begin(_loops, new(rows, state.Scale.Length, _loops.Lanes)).Normalize(x, residual, y, state, threads);

    /// <summary>The sums over rows of the gradient before the activation, and of its products with x - mean.</summary>
    /// <param name="g">Gradient of the output, [rows,C].</param>
    /// <param name="x">Input.</param>
    /// <param name="other">Output or residual, as <see cref="GatesByOutput"/> says; null without a residual.</param>
    /// <param name="gated">Where the gradient before the activation goes; null for nowhere.</param>
    /// <param name="rows">Values a channel.</param>
    /// <param name="state">What the forward pass computed with.</param>
    /// <param name="threads">Threads at most.</param>
    public (double[] Sums, double[] Products) GradientSums(float* g, float* x, float* other, float* gated, long rows, NormState state, int threads)
    {
        var channels = state.Scale.Length;
        var work = NormWork.Begin(_loops, new(rows, channels, _loops.Lanes));
        var (sums, products) = (new double[channels], new double[channels]);
        work.GradientSums(g, x, other, gated, state, threads, sums, products);
        return (sums, products);
    }

    /// <summary>The gradient of the input.</summary>
    /// <param name="g">Gradient of the output; where <paramref name="isGated"/>, before the activation.</param>
    /// <param name="isGated">Whether the activation is accounted for.</param>
    /// <param name="x">Input.</param>
    /// <param name="dx">Gradient of the input.</param>
    /// <param name="rows">Values a channel here.</param>
    /// <param name="count">Values a channel in the statistics.</param>
    /// <param name="state">What the forward pass computed with.</param>
    /// <param name="sums">As <see cref="GradientSums"/> gives it.</param>
    /// <param name="products">Likewise.</param>
    /// <param name="threads">Threads at most.</param>
    public void InputGradient(
        float* g, bool isGated, float* x, float* dx, long rows, long count, NormState state, double[] sums, double[] products, int threads) =>
        NormWork.Begin(_loops, new(rows, state.Scale.Length, _loops.Lanes)).InputGradient(g, isGated, x, dx, count, state, sums, products, threads);
}
