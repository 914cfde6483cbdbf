namespace Microsoft.ML.PaT.Training.Kernels;

/// <summary>
/// float32 vector arithmetic. Loops are written once and compiled for each vector width, and for single values at the
/// end of a row.
/// </summary>
/// <typeparam name="TVector">The vector type.</typeparam>
internal unsafe interface ILanes<TVector> where TVector : struct
{
    /// <summary>Number of values per vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* target);

    static abstract TVector All(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a * b + c, rounded once if the processor supports it.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Exp(TVector value);

    /// <summary><paramref name="then"/> where a &lt; b, otherwise <paramref name="otherwise"/>, also for NaN.</summary>
    static abstract TVector WhereLess(TVector a, TVector b, TVector then, TVector otherwise);

    /// <summary>
    /// <paramref name="then"/> where a &lt;= b, otherwise <paramref name="otherwise"/>, also for NaN.
    /// </summary>
    static abstract TVector WhereAtMost(TVector a, TVector b, TVector then, TVector otherwise);
}
