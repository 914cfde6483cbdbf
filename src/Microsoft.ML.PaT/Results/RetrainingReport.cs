namespace Microsoft.ML.PaT.Results;

/// <summary>The training after pruning, if it has a separate schedule.</summary>
/// <param name="Schedule">Its name: <c>ft</c>, <c>lrw</c>, <c>slr</c>, <c>clr</c>, <c>llr</c>, <c>allr</c>.</param>
/// <param name="FromEpoch">Its first epoch, counted from the start of the run.</param>
/// <param name="Epochs">Its length in epochs.</param>
internal sealed record RetrainingReport(string Schedule, int FromEpoch, int Epochs, double WeightChange);
