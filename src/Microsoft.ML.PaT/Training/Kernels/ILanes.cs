namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>Arithmetic on vectors of float32. Loops over it are written once and compiled for every width, and for single values at the end of a row.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface ILanes<TVector> where TVector : struct
{
    /// <summary>Values in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* target);

    static abstract TVector All(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a b + c, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Exp(TVector value);

    /// <summary>Chooses <paramref name="then"/> where a &lt; b and <paramref name="otherwise"/> elsewhere, NaN included.</summary>
    static abstract TVector WhereLess(TVector a, TVector b, TVector then, TVector otherwise);

    /// <summary>Chooses <paramref name="then"/> where a &lt;= b and <paramref name="otherwise"/> elsewhere, NaN included.</summary>
    static abstract TVector WhereAtMost(TVector a, TVector b, TVector then, TVector otherwise);
}
