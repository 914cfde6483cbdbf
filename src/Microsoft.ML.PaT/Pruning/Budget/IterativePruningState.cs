namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>Progress of iterative pruning.</summary>
/// <param name="Start">The training step, counted over the whole run, of the first step of pruning.</param>
/// <param name="Done">Number of steps made.</param>
internal sealed record IterativePruningState(long Start, int Done);
