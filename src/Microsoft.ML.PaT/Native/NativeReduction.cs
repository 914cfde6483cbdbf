namespace Microsoft.ML.PaT;

/// <summary>What an all-reduce makes of the values of all ranks; <c>pat_reduction</c> of the native library.</summary>
internal enum NativeReduction
{
    Sum = 0,
    Least = 1,
    Greatest = 2,
}
