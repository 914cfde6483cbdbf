namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Result of an experiment. Owns the models that were loaded and, without
/// <see cref="PruningExperimentSettings.Folder"/>, the files of all trials.
/// </summary>
public sealed class PruningExperimentResult : IDisposable
{
    private readonly string? _temporary;

    internal PruningExperimentResult(IReadOnlyList<PruningRunDetail> runs, string? temporary) =>
        (RunDetails, _temporary) = (runs, temporary);

    /// <summary>All trials that were started, in order.</summary>
    public IReadOnlyList<PruningRunDetail> RunDetails { get; }

    /// <summary>
    /// The most accurate finished trial; the one with fewer multiply-accumulates if several are equal. Null if no trial
    /// has finished.
    /// </summary>
    public PruningRunDetail? BestRun => BestUnder();

    /// <summary>
    /// Returns the Pareto-optimal finished trials: no other trial is at least as accurate, at most as costly, and
    /// better in one respect.
    /// </summary>
    /// <param name="costs">Costs to consider; none for all: latency, multiply-accumulates and parameters.</param>
    /// <returns>Trials in ascending order of the first cost.</returns>
    public IReadOnlyList<PruningRunDetail> ParetoFront(params IReadOnlyList<TrialCost> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return TrialRanking.ParetoFront(RunDetails, costs.Count > 0 ? costs : Enum.GetValues<TrialCost>());
    }

    /// <summary>Returns the most accurate finished trial within limits; null if there is none.</summary>
    /// <param name="latency">Maximum milliseconds to score a batch of <see cref="PruningOptions.LatencyBatch"/> images
    /// on the training device.</param>
    /// <param name="macs">Maximum multiply-accumulates per image.</param>
    /// <param name="parameters">Maximum number of trainable parameters.</param>
    public PruningRunDetail? BestUnder(double? latency = null, long? macs = null, long? parameters = null) =>
        TrialRanking.Ranked(
                RunDetails.Where(t =>
                    t.State == TrialState.Finished
                    && !(t.Cost(TrialCost.Latency) > latency)
                    && !(t.Cost(TrialCost.Macs) > macs)
                    && !(t.Cost(TrialCost.Parameters) > parameters)))
            .FirstOrDefault();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var run in RunDetails) run.DisposeModel();
        if (_temporary is not null && Directory.Exists(_temporary)) Directory.Delete(_temporary, recursive: true);
    }
}
