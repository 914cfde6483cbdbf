namespace Microsoft.ML.PaT.Experiments;

/// <summary>Which points of a search space are tried, in which order.</summary>
public abstract record SearchStrategy
{
    private protected SearchStrategy()
    {
    }

    /// <summary>As the command line and results spell it: <c>grid</c>, <c>random</c>, <c>bayesian</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Every combination of the values of all axes; ranges give as many values as they have steps.</summary>
    public static SearchStrategy Grid { get; } = new GridSearch();

    /// <summary>Points drawn evenly. Better than a grid of as many trials when few of the axes matter (Bergstra and Bengio, JMLR 2012).</summary>
    /// <param name="trials">How many, 1 to 10000.</param>
    public static SearchStrategy Random(int trials = 20) => new RandomSearch(trials);

    /// <summary>
    /// Points where those before did well: a tree of Parzen estimators (Bergstra et al., NeurIPS 2011; docs/decisions/sweep.md). The first ones are drawn evenly.
    /// </summary>
    /// <param name="trials">How many, 1 to 10000; with fewer than some ten it is hardly more than <see cref="Random"/>.</param>
    public static SearchStrategy Bayesian(int trials = 20) => new BayesianSearch(trials);

    /// <summary>What is wrong with its settings for such a space.</summary>
    internal abstract IEnumerable<string> Errors(IReadOnlyList<SearchDimension> space);

    /// <summary>Starts.</summary>
    internal abstract ISampler Start(IReadOnlyList<SearchDimension> space, int seed);

    private static IEnumerable<string> TrialErrors(int trials)
    {
        if (trials is < 1 or > 10_000) yield return $"Strategy has {trials} trials; there must be 1 to 10000.";
    }

    private sealed record GridSearch : SearchStrategy
    {
        public override string Name => "grid";

        internal override IEnumerable<string> Errors(IReadOnlyList<SearchDimension> space)
        {
            var points = space.Aggregate(1.0, (all, axis) => all * axis.Positions.Length);
            if (points > 10_000) yield return FormattableString.Invariant($"Strategy is a grid of {points:N0} points; at most 10,000 are tried. Give fewer values or steps, or search at random.");
        }

        internal override ISampler Start(IReadOnlyList<SearchDimension> space, int seed) => new GridSampler(space);
    }

    private sealed record RandomSearch(int Trials) : SearchStrategy
    {
        public override string Name => "random";

        internal override IEnumerable<string> Errors(IReadOnlyList<SearchDimension> space) => TrialErrors(Trials);

        internal override ISampler Start(IReadOnlyList<SearchDimension> space, int seed) => new RandomSampler(space, Trials, seed);
    }

    private sealed record BayesianSearch(int Trials) : SearchStrategy
    {
        public override string Name => "bayesian";

        internal override IEnumerable<string> Errors(IReadOnlyList<SearchDimension> space) => TrialErrors(Trials);

        internal override ISampler Start(IReadOnlyList<SearchDimension> space, int seed) => new ParzenSampler(space, Trials, seed);
    }
}
