namespace Microsoft.ML.PaT.Distributed;

/// <summary>How an all-reduce combines the values of the ranks.</summary>
internal enum Reduction
{
    Sum,
    Min,
    Max,
}
