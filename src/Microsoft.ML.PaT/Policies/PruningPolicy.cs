namespace Microsoft.ML.PaT;

/// <summary>When to prune.</summary>
public abstract record PruningPolicy
{
    private protected PruningPolicy()
    {
    }

    /// <summary>As the command line and reports spell it: <c>epi</c>, <c>epoch:N</c>, <c>never</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Prunes as soon as the Early Pruning Indicator calls the sub-network stable, with the defaults of <see cref="EarlyPruningIndicatorPolicy"/>.</summary>
    /// <param name="tau">The threshold, fraction 0 to 1; default: by criterion.</param>
    public static PruningPolicy EarlyPruningIndicator(double? tau = null) => new EarlyPruningIndicatorPolicy { Tau = tau };

    /// <summary>Prunes after a number of dense epochs.</summary>
    /// <param name="epoch">Dense epochs before the cut, at least 0 and fewer than the run has.</param>
    public static PruningPolicy AtEpoch(int epoch) => new FixedEpochPolicy(epoch);

    /// <summary>Never prunes: the dense reference.</summary>
    public static PruningPolicy Never { get; } = new NeverPolicy();

    /// <summary>What is wrong with its settings for a run of so many epochs.</summary>
    internal virtual IEnumerable<string> Errors(int epochs) => [];

    /// <summary>Whether a run with this policy can start after some dense epochs of another one and do as if it had been there from the beginning.</summary>
    /// <param name="epoch">Dense epochs done.</param>
    /// <param name="gradients">Whether its scores are gathered over an epoch.</param>
    internal virtual bool CanStartAt(int epoch, bool gradients) => false;

    /// <summary>Starts watching a run; null when there is nothing to watch for.</summary>
    internal abstract PolicyWatch? Watch(ImportanceCriterion criterion, int epochs);
}
