using System.Runtime.CompilerServices;

namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>Activation on vectors. NaN propagates in both directions, as in libtorch.</summary>
internal interface IVectorActivation
{
    /// <summary>Whether <see cref="Gate"/> gives the same result for the output as for the input.</summary>
    static abstract bool GatesByOutput { get; }

    /// <summary>Output for an input z.</summary>
    static abstract TVector Apply<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;

    /// <summary>Gradient with respect to the input z, from the gradient with respect to the output.</summary>
    static abstract TVector Gate<TLanes, TVector>(TVector gradient, TVector z)
        where TLanes : struct, ILanes<TVector> where TVector : struct;
}

/// <summary>Identity: no activation.</summary>
internal readonly struct VectorIdentity : IVectorActivation
{
    public static bool GatesByOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector> where TVector : struct => z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gate<TLanes, TVector>(TVector gradient, TVector z)
        where TLanes : struct, ILanes<TVector> where TVector : struct => gradient;
}

/// <summary>max(z, 0).</summary>
internal readonly struct VectorRelu : IVectorActivation
{
    public static bool GatesByOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var zero = TLanes.All(0);
        return TLanes.WhereLess(z, zero, zero, z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gate<TLanes, TVector>(TVector gradient, TVector z)
        where TLanes : struct, ILanes<TVector> where TVector : struct
    {
        var zero = TLanes.All(0);
        return TLanes.WhereAtMost(z, zero, zero, gradient);
    }
}

/// <summary>min(max(z, 0), 6).</summary>
internal readonly struct VectorRelu6 : IVectorActivation
{
    public static bool GatesByOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var (zero, six) = (TLanes.All(0), TLanes.All(6));
        return TLanes.WhereLess(z, zero, zero, TLanes.WhereLess(six, z, six, z));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gate<TLanes, TVector>(TVector gradient, TVector z)
        where TLanes : struct, ILanes<TVector> where TVector : struct
    {
        var (zero, six) = (TLanes.All(0), TLanes.All(6));
        return TLanes.WhereAtMost(z, zero, zero, TLanes.WhereAtMost(six, z, zero, gradient));
    }
}

/// <summary>z * min(max(z + 3, 0), 6) / 6.</summary>
internal readonly struct VectorHardSwish : IVectorActivation
{
    public static bool GatesByOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var shifted = VectorRelu6.Apply<TLanes, TVector>(TLanes.Add(z, TLanes.All(3)));
        return TLanes.Divide(TLanes.Multiply(z, shifted), TLanes.All(6));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gate<TLanes, TVector>(TVector gradient, TVector z)
        where TLanes : struct, ILanes<TVector> where TVector : struct
    {
        var (zero, three) = (TLanes.All(0), TLanes.All(3));
        var slope = TLanes.Add(TLanes.Divide(z, three), TLanes.All(0.5f));
        var rising = TLanes.WhereAtMost(three, z, gradient, TLanes.Multiply(gradient, slope));
        return TLanes.WhereAtMost(z, TLanes.Subtract(zero, three), zero, rising);
    }
}

/// <summary>z / (1 + exp(-z)).</summary>
internal readonly struct VectorSilu : IVectorActivation
{
    public static bool GatesByOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector> where TVector : struct =>
        TLanes.Divide(z, TLanes.Add(TLanes.All(1), TLanes.Exp(TLanes.Subtract(TLanes.All(0), z))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gate<TLanes, TVector>(TVector gradient, TVector z)
        where TLanes : struct, ILanes<TVector> where TVector : struct
    {
        var one = TLanes.All(1);
        var sigmoid = TLanes.Divide(one, TLanes.Add(one, TLanes.Exp(TLanes.Subtract(TLanes.All(0), z))));
        var slope = TLanes.MultiplyAdd(z, TLanes.Subtract(one, sigmoid), one);
        return TLanes.Multiply(gradient, TLanes.Multiply(sigmoid, slope));
    }
}
