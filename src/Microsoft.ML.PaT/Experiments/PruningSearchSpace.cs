namespace Microsoft.ML.PaT.Experiments;

/// <summary>What an experiment varies. An axis that is left out has the value of <see cref="PruningExperimentSettings.Options"/> in all trials.</summary>
public sealed record PruningSearchSpace
{
    /// <summary>Ratios to remove, fractions between 0 and 1, both excluded, of what <see cref="PruningOptions.Target"/> counts.</summary>
    public SearchAxis<double>? Ratio { get; init; }

    /// <summary>What makes a channel important.</summary>
    public SearchAxis<Importance>? Criterion { get; init; }

    /// <summary>Networks; all must take images of the same size, because the images are read once.</summary>
    public SearchAxis<NetworkArchitecture>? Network { get; init; }

    /// <summary>Highest learning rates, greater than 0.</summary>
    public SearchAxis<double>? LearningRate { get; init; }

    /// <summary>When to prune.</summary>
    /// <remarks>A trial that never prunes has neither a ratio nor a criterion: such trials are one.</remarks>
    public SearchAxis<PruningPolicy>? Policy { get; init; }

    /// <summary>The axes that are set, in the order in which a grid goes through them, the last one fastest.</summary>
    internal IReadOnlyList<SearchDimension> Dimensions
    {
        get
        {
            var all = new List<SearchDimension>();
            if (Network is { } network) all.Add(SearchDimension.Of(nameof(Network), network, (o, v) => o with { Network = v }));
            if (Policy is { } policy) all.Add(SearchDimension.Of(nameof(Policy), policy, (o, v) => o with { Pruning = o.Pruning with { Policy = v } }, v => v.Name));
            if (Criterion is { } criterion) all.Add(SearchDimension.Of(nameof(Criterion), criterion, (o, v) => o with { Pruning = o.Pruning with { Criterion = v } }, v => v.Name));
            if (Ratio is { } ratio) all.Add(SearchDimension.Of(nameof(Ratio), ratio, (o, v) => o with { Pruning = o.Pruning with { Target = o.Pruning.Target.WithRatio(v) } }));
            if (LearningRate is { } rate) all.Add(SearchDimension.Of(nameof(LearningRate), rate, (o, v) => o with { Training = o.Training with { LearningRate = v } }));
            return all;
        }
    }

    /// <summary>The options at a point, and what they are called.</summary>
    /// <param name="common">The options that all trials share.</param>
    /// <param name="point">A position on each axis, 0 to 1.</param>
    internal (PruningAwareTrainingOptions Options, IReadOnlyDictionary<string, string> Values) At(PruningAwareTrainingOptions common, IReadOnlyList<double> point)
    {
        var options = common;
        var values = new Dictionary<string, string>();
        foreach (var (dimension, position) in Dimensions.Zip(point))
        {
            options = dimension.Apply(options, position);
            values[dimension.Name] = dimension.Text(position);
        }
        if (options.Pruning.Policy is not NeverPolicy) return (options, values);
        values.Remove(nameof(Ratio));
        values.Remove(nameof(Criterion));
        return (options with { Pruning = options.Pruning with { Target = common.Pruning.Target, Criterion = common.Pruning.Criterion } }, values);
    }

    /// <summary>The points of the product of some positions of each axis; the last axis changes fastest.</summary>
    internal static IEnumerable<double[]> Product(IReadOnlyList<double[]> positions)
    {
        IEnumerable<double[]> points = [[]];
        return positions.Aggregate(points, (sofar, axis) => sofar.SelectMany(point => axis.Select(position => (double[])[.. point, position])));
    }
}
