using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Runs;

/// <summary>The state of a run, without its tensors.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="SoFar">Completed part of the current epoch.</param>
/// <param name="Finished">Whether the run is over.</param>
/// <param name="RateScale">Factor on the learning rate: below 1 after a roll-back.</param>
/// <param name="Record">The record for the report. Its observations restore the policy.</param>
/// <param name="Pruning">Progress of iterative pruning; null outside of it.</param>
/// <param name="Best">The best epoch of the current network; null for none.</param>
/// <param name="Kept">Kept channels of each group of the dense network; null before pruning.</param>
/// <param name="ChannelsLast">Whether the network is in channels-last format.</param>
internal sealed record CheckpointState(
    IReadOnlyDictionary<string, string> Run,
    int Epoch,
    TrainingSegment SoFar,
    bool Finished,
    double RateScale,
    string Network,
    Normalization Normalization,
    RunRecord Record,
    IterativePruningState? Pruning,
    BestEpoch? Best,
    IReadOnlyDictionary<string, int[]>? Kept,
    bool ChannelsLast);
