using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>Where a run stands, apart from its tensors.</summary>
/// <param name="Run">What the run is made of, to be compared with the one that wants to go on: see <see cref="RunIdentity"/>.</param>
/// <param name="Epoch">Epochs that are over.</param>
/// <param name="SoFar">What is done of the next one.</param>
/// <param name="Finished">Whether nothing is left to do.</param>
/// <param name="RateScale">Factor on the learning rate: below 1 after a roll-back.</param>
/// <param name="Network">The present network, as JSON.</param>
/// <param name="Normalization">What its images are normalized with.</param>
/// <param name="Journal">The record of the run.</param>
/// <param name="Observations">What the policy saw: replaying it restores the policy.</param>
/// <param name="ObserverSeconds">Seconds spent on watching.</param>
/// <param name="Cut">The cut under way; null for none.</param>
/// <param name="Best">The best epoch of the present network; null for none.</param>
/// <param name="Kept">For each group of the dense network, the channels that were kept; null before the first cut.</param>
/// <param name="ChannelsLast">Whether the network lies with channels innermost; null in checkpoints of older versions, which went by a rule.</param>
internal sealed record CheckpointState(
    IReadOnlyDictionary<string, string> Run,
    int Epoch,
    TrainingSegment SoFar,
    bool Finished,
    double RateScale,
    string Network,
    Normalization Normalization,
    RunRecorderState Journal,
    IReadOnlyList<ObservationReport> Observations,
    double ObserverSeconds,
    IterativePruningState? Cut,
    BestEpoch? Best,
    IReadOnlyDictionary<string, int[]>? Kept,
    bool? ChannelsLast = null);
