namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Options that an experiment varies. If an axis is null, all trials use the value of
/// <see cref="PruningExperimentSettings.Options"/>.
/// </summary>
public sealed record PruningSearchSpace
{
    /// <summary>Pruning ratios of the <see cref="PruningOptions.Target"/>, between 0 and 1, both excluded.</summary>
    public SearchAxis<double>? Ratio { get; init; }

    /// <summary>Importance criteria.</summary>
    public SearchAxis<Importance>? Criterion { get; init; }

    /// <summary>Networks. All must take images of the same size, because the images are read once.</summary>
    public SearchAxis<NetworkArchitecture>? Network { get; init; }

    /// <summary>Peak learning rates, greater than 0.</summary>
    public SearchAxis<double>? LearningRate { get; init; }

    /// <summary>Pruning policies.</summary>
    /// <remarks>Trials that never prune ignore ratio and criterion, so they count as one trial.</remarks>
    public SearchAxis<PruningPolicy>? Policy { get; init; }

    /// <summary>The axes that are set, in grid order: the last one changes fastest.</summary>
    internal IReadOnlyList<SearchDimension> Dimensions
    {
        get
        {
            var all = new List<SearchDimension>();
            if (Network is { } network)
                all.Add(SearchDimension.Of(nameof(Network), network, (o, v) => o with { Network = v }));
            if (Policy is { } policy)
            {
                all.Add(
                    SearchDimension.Of(
                        nameof(Policy),
                        policy,
                        (o, v) => o with { Pruning = o.Pruning with { Policy = v } },
                        v => v.Name));
            }
            if (Criterion is { } criterion)
            {
                all.Add(
                    SearchDimension.Of(
                        nameof(Criterion),
                        criterion,
                        (o, v) => o with { Pruning = o.Pruning with { Criterion = v } },
                        v => v.Name));
            }
            if (Ratio is { } ratio)
            {
                all.Add(
                    SearchDimension.Of(nameof(Ratio), ratio, (o, v) =>
                        o with { Pruning = o.Pruning with { Target = o.Pruning.Target.WithRatio(v) } }));
            }
            if (LearningRate is { } rate)
            {
                all.Add(
                    SearchDimension.Of(nameof(LearningRate), rate, (o, v) =>
                        o with { Training = o.Training with { LearningRate = v } }));
            }
            return all;
        }
    }

    /// <summary>The options at a point, and the text of its values.</summary>
    /// <param name="point">A position on each axis, 0 to 1.</param>
    internal (PruningAwareTrainingOptions Options, IReadOnlyDictionary<string, string> Values) At(
        PruningAwareTrainingOptions common, IReadOnlyList<double> point)
    {
        var options = common;
        var values = new Dictionary<string, string>();
        foreach (var (dimension, position) in Dimensions.Zip(point))
        {
            options = dimension.Apply(options, position);
            values[dimension.Name] = dimension.Text(position);
        }
        if (options.Pruning.Policy != PruningPolicy.Never) return (options, values);
        values.Remove(nameof(Ratio));
        values.Remove(nameof(Criterion));
        return (
            options with
            {
                Pruning = options.Pruning with { Target = common.Pruning.Target, Criterion = common.Pruning.Criterion },
            },
            values);
    }

    internal static IEnumerable<double[]> Product(IReadOnlyList<double[]> positions)
    {
        IEnumerable<double[]> points = [[]];
        return positions.Aggregate(points, (sofar, axis) =>
            sofar.SelectMany(point => axis.Select(position => (double[])[.. point, position])));
    }
}
