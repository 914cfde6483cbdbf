namespace Microsoft.ML.PaT.Experiments;

/// <summary>What an experiment found. Owns the models that were asked for and, without <see cref="PruningExperimentSettings.Folder"/>, the files of all.</summary>
public sealed class PruningExperimentResult : IDisposable
{
    private readonly string? _temporary;

    internal PruningExperimentResult(IReadOnlyList<PruningRunDetail> runs, string? temporary) => (RunDetails, _temporary) = (runs, temporary);

    /// <summary>All trials that were started, in their order.</summary>
    public IReadOnlyList<PruningRunDetail> RunDetails { get; }

    /// <summary>The most accurate finished trial; of equals the one with fewer multiply-accumulates. Null when none was finished.</summary>
    public PruningRunDetail? BestRun => BestUnder();

    /// <summary>The finished trials that no other one beats: none is at least as accurate and at most as costly, and better in one.</summary>
    /// <param name="costs">The kinds of cost that count; none for all: latency, multiply-accumulates and parameters.</param>
    /// <returns>From the cheapest by the first kind to the costliest.</returns>
    public IReadOnlyList<PruningRunDetail> ParetoFront(params IReadOnlyList<TrialCost> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return TrialRanking.ParetoFront(RunDetails, costs.Count > 0 ? costs : Enum.GetValues<TrialCost>());
    }

    /// <summary>The most accurate finished trial within limits; null when there is none.</summary>
    /// <param name="latency">At most so many milliseconds to score a batch of <see cref="PruningOptions.LatencyBatch"/> images, as measured on the device trained on.</param>
    /// <param name="macs">At most so many multiply-accumulates for one image.</param>
    /// <param name="parameters">At most so many trainable parameters.</param>
    public PruningRunDetail? BestUnder(double? latency = null, long? macs = null, long? parameters = null) => TrialRanking.Ranked(RunDetails.Where(t => t.State == TrialState.Finished
        && !(t.Cost(TrialCost.Latency) > latency) && !(t.Cost(TrialCost.Macs) > macs) && !(t.Cost(TrialCost.Parameters) > parameters))).FirstOrDefault();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var run in RunDetails) run.DisposeModel();
        if (_temporary is not null && Directory.Exists(_temporary)) Directory.Delete(_temporary, recursive: true);
    }
}
