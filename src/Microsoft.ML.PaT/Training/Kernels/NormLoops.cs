using System.Runtime.Intrinsics;

namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// Loops over a block of rows [rows,C] of a batch-norm. A pattern holds one value per channel, repeated over
/// <c>period</c> values, a multiple of C and of the vector width: so vectors are full for any C. Blocks start at a row
/// that starts a pattern.
/// </summary>
internal abstract unsafe class NormLoops
{
    /// <summary>Values per vector.</summary>
    public abstract int Lanes { get; }

    /// <summary>
    /// Whether the backward pass needs the output rather than the residual to compute the activation's derivative.
    /// </summary>
    public abstract bool GatesByOutput { get; }

    /// <summary>Returns the loops for the widest vectors of this machine.</summary>
    public static NormLoops Of(ActivationFunction? activation) =>
        Vector512.IsHardwareAccelerated ? Of<Lanes512, Vector512<float>>(activation)
        : Vector256.IsHardwareAccelerated ? Of<Lanes256, Vector256<float>>(activation)
        : Of<Lanes128, Vector128<float>>(activation);

    /// <summary>
    /// Adds x - center to <paramref name="sums"/>, and its square to <paramref name="squares"/>, by place in the
    /// pattern.
    /// </summary>
    public abstract void AddMoments(float* x, long count, int period, float* center, float* sums, float* squares);

    /// <summary>y = activation(x * scale + shift + residual).</summary>
    public abstract void Normalize(
        float* x, float* residual, float* y, long count, int period, float* scale, float* shift);

    /// <summary>
    /// Adds the gradient before the activation to <paramref name="sums"/>, and its product with x - center to <paramref
    /// name="products"/>, by place in the pattern. Writes the gradient to <paramref name="gated"/> unless that is null.
    /// </summary>
    /// <param name="other">Output or residual, depending on <see cref="GatesByOutput"/>; null without a
    /// residual.</param>
    public abstract void AddGradients(
        float* g,
        float* x,
        float* other,
        float* gated,
        long count,
        int period,
        float* scale,
        float* shift,
        float* center,
        float* sums,
        float* products);

    /// <summary>
    /// dx = scale * gradient + x * slope + offset, or dx = scale * gradient if <paramref name="slope"/> is null.
    /// </summary>
    /// <param name="g">Gradient of the output, or before the activation if <paramref name="isGated"/>.</param>
    /// <param name="isGated">Whether the activation has been applied to the gradient.</param>
    public abstract void InputGradient(
        float* g,
        bool isGated,
        float* x,
        float* dx,
        long count,
        int period,
        float* scale,
        float* shift,
        float* slope,
        float* offset);

    private static NormLoops Of<TLanes, TVector>(ActivationFunction? activation)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        activation switch
        {
            null => new NormLoops<TLanes, TVector, VectorIdentity>(),
            ActivationFunction.Relu => new NormLoops<TLanes, TVector, VectorRelu>(),
            ActivationFunction.Relu6 => new NormLoops<TLanes, TVector, VectorRelu6>(),
            ActivationFunction.HardSwish => new NormLoops<TLanes, TVector, VectorHardSwish>(),
            ActivationFunction.Silu => new NormLoops<TLanes, TVector, VectorSilu>(),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };
}
