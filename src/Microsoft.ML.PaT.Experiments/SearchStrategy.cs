using System.Globalization;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>Strategy that chooses the points of a search space.</summary>
public abstract record SearchStrategy
{
    private protected SearchStrategy()
    {
    }

    /// <summary>Name in the command line and in results: <c>grid</c>, <c>random</c>, <c>bayesian</c>.</summary>
    public abstract string Name { get; }

    /// <summary>All combinations of the values of all axes; ranges have as many values as they have steps.</summary>
    public static SearchStrategy Grid { get; } = new GridSearch();

    /// <summary>
    /// Random points. Better than a grid with as many trials if only few axes matter (Bergstra and Bengio, JMLR 2012).
    /// </summary>
    /// <param name="trials">Number of trials, 1 to 10000.</param>
    public static SearchStrategy Random(int trials = 20) => new RandomSearch(trials);

    /// <summary>
    /// Bayesian search with a tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011;
    /// docs/decisions/sweep.md). The first points are random.
    /// </summary>
    /// <param name="trials">Number of trials, 1 to 10000; with fewer than about ten, hardly better than
    /// <see cref="Random"/>.</param>
    public static SearchStrategy Bayesian(int trials = 20) => new BayesianSearch(trials);

    /// <summary>Errors of the settings for a search space.</summary>
    internal abstract IEnumerable<string> Errors(IReadOnlyList<SearchDimension> space);

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
            if (points > 10_000)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Strategy is a grid of {points:N0} points; at most 10,000 are tried. Give fewer values or "
                        + $"steps, or search at random.");
            }
        }

        internal override ISampler Start(IReadOnlyList<SearchDimension> space, int seed) => new GridSampler(space);
    }

    private sealed record RandomSearch(int Trials) : SearchStrategy
    {
        public override string Name => "random";

        internal override IEnumerable<string> Errors(IReadOnlyList<SearchDimension> space) => TrialErrors(Trials);

        internal override ISampler Start(IReadOnlyList<SearchDimension> space, int seed) =>
            new RandomSampler(space, Trials, seed);
    }

    private sealed record BayesianSearch(int Trials) : SearchStrategy
    {
        public override string Name => "bayesian";

        internal override IEnumerable<string> Errors(IReadOnlyList<SearchDimension> space) => TrialErrors(Trials);

        internal override ISampler Start(IReadOnlyList<SearchDimension> space, int seed) =>
            new ParzenSampler(space, Trials, seed);
    }
}
