namespace Microsoft.ML.PaT.Results;

/// <summary>The training after pruning, where it has a schedule of its own.</summary>
/// <param name="Schedule">Its name: <c>ft</c>, <c>lrw</c>, <c>slr</c>, <c>clr</c>, <c>llr</c>, <c>allr</c>.</param>
/// <param name="FromEpoch">Its first epoch, counted from the start of the run.</param>
/// <param name="Epochs">Its length in epochs.</param>
/// <param name="WeightChange">
/// How much pruning changed the weights, see <see cref="RetrainingSchedule.AdaptiveLinear"/>.
/// </param>
internal sealed record RetrainingReport(string Schedule, int FromEpoch, int Epochs, double WeightChange);
