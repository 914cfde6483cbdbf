using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>The training after pruning, where it has a schedule of its own.</summary>
/// <param name="Schedule">Its name: <c>ft</c>, <c>lrw</c>, <c>slr</c>, <c>clr</c>, <c>llr</c>, <c>allr</c>.</param>
/// <param name="FromEpoch">Its first epoch, counted from the start of the run.</param>
/// <param name="Epochs">Its length in epochs.</param>
/// <param name="WeightChange">
/// How much pruning changed the weights, see <see cref="RetrainingSchedules.WeightChange"/>.
/// </param>
public sealed record RetrainingReport(string Schedule, int FromEpoch, int Epochs, double WeightChange);
