using System.Globalization;
using Microsoft.ML.PaT.Pruning.Channels;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Makes plans that meet the target from scores. Costs are relative to the dense network, whose limits also apply to
/// the networks after it.
/// </summary>
internal sealed class TargetPlanner
{
    private readonly BudgetSettings _options;
    private readonly PruningTarget _target;
    private readonly PruningPlan? _given;
    private readonly LatencyTable? _table;
    private readonly double _full, _exponent;
    private readonly Dictionary<string, int> _floors;
    private readonly (ChannelGroups Groups, IReadOnlyList<int> Floors) _dense;
    private (ChannelGroups Groups, WidthCost Cost)? _last;

    /// <param name="measure">Measures the layers, for targets of latency and training time.</param>
    /// <exception cref="InvalidOptionsException">An exclusion matches no layer, or the given plan or widths do not fit
    /// the network.</exception>
    public TargetPlanner(BudgetSettings options, ChannelGroups dense, int step, Func<LatencyTable>? measure = null)
    {
        _options = options;
        Step = step;
        _given = options.Widths is { } widths ? NetworkWidths.PlanOf(dense, widths) : options.Plan?.For(dense);
        // The indicator treats a given plan as a target with the same fraction of channels.
        _target = _given is null
            ? options.Target
            : PruningTarget.Channels(
                1 - dense.Groups.Sum(g => (double)_given.Kept[g.Name].Length * g.Multiplicity) / dense.Neurons);
        var floors = options.Limits.Floors(dense);
        _floors = dense.Groups.Zip(floors)
            .SelectMany(g => g.First.Layers.Select(layer => (layer, floor: g.Second)))
            .GroupBy(g => g.layer)
            .ToDictionary(g => g.Key, g => g.Max(f => f.floor));
        if (_target.Kind.IsMeasured())
        {
            _table = measure?.Invoke()
                ?? throw new InvalidOptionsException(
                    ErrorCodes.LatencyUnmeasured,
                    "A target by latency or by training time needs a device to measure on.");
        }
        var cost = Cost(dense);
        _full = cost.Full;
        _exponent = _table?.Exponent ?? 1;
        Range = ReachableRange.Of(_target.Kind, cost, floors, step, _exponent);
        _dense = (dense, floors);
    }

    /// <summary>Widths are multiples of this.</summary>
    public int Step { get; }

    /// <summary>The ratios that pruning can reach.</summary>
    public ReachableRange Range { get; }

    public bool IsReachable => _given is not null || _target.Ratio <= Range.Most.Ratio + 1e-9;

    /// <exception cref="UnreachableTargetException">The target removes more than the limits allow.</exception>
    public void RequireReachable(string network)
    {
        if (IsReachable) return;
        throw new UnreachableTargetException(
            ErrorCodes.TargetUnreachable,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The target, {_target}, cannot be reached on '{network}': at most {Range.Most.Ratio:P1} can be "
                    + $"removed, with widths in steps of {Step}. Lower Pruning.Target or Pruning.RoundTo, or loosen "
                    + $"Pruning.Limits."));
    }

    /// <summary>Returns the given plan, or one for the target or for a step of iterative pruning.</summary>
    /// <param name="done">Fraction of the pruning steps that this one completes, 0 to 1; null for the last one. The
    /// last one removes at least the target, and less than a chunk more; the others remove at most their ratio.</param>
    public PruningPlan Plan(ChannelGroups groups, ChannelScores scores, double? done = null)
    {
        if (_given is not null) return _options.Widths is null ? _given : Best(groups, scores, _given);
        var kept = done is { } part ? _options.Schedule.Kept(_target.Ratio, part) : 1 - _target.Ratio;
        return Keep(groups, scores, kept, Step, atLeast: done is null);
    }

    /// <summary>
    /// The sub-network that the target would keep now, for the indicator. Widths have a step of 1, except for measured
    /// targets, whose layers were measured at multiples of the width step.
    /// </summary>
    public PruningPlan Watch(ChannelGroups groups, ChannelScores scores) =>
        Keep(groups, scores, 1 - _target.Ratio, _table is null ? 1 : Step, atLeast: true);

    /// <summary>
    /// The sub-network between the current network and the target, for criteria that mask and score in rounds.
    /// </summary>
    /// <param name="part">Completed fraction of the rounds, 0 to 1. The remaining cost decreases exponentially
    /// (SynFlow, NeurIPS 2020).</param>
    public PruningPlan Towards(ChannelGroups groups, ChannelScores scores, double part)
    {
        var now = Fraction(groups);
        return Keep(
            groups,
            scores,
            now * Math.Pow(Math.Min(1, (1 - _target.Ratio) / now), part),
            _table is null ? 1 : Step,
            atLeast: true);
    }

    /// <summary>
    /// The predicted time of a network as a fraction of the dense network's; null for targets that are not measured.
    /// </summary>
    public double? PredictedTime(ChannelGroups groups) => _table is null ? null : Fraction(groups);

    /// <summary>The cost as a fraction of the dense network's.</summary>
    private double Fraction(ChannelGroups groups) => Math.Pow(Cost(groups).Full / _full, _exponent);

    private PruningPlan Keep(ChannelGroups groups, ChannelScores scores, double kept, int step, bool atLeast)
    {
        var cost = Math.Pow(kept, 1 / _exponent) * _full;
        return _table is null || _options.Ranking == RankingScope.PerLayer
            ? ChannelRanking.Keep(Cost(groups), scores, cost, step, Floors(groups), atLeast)
            : ChannelRanking.KeepByPrice(Cost(groups), scores, cost, step, Floors(groups), atLeast);
    }

    /// <summary>Keeps the best channels of every group, as many as a plan keeps; of equal channels the first.</summary>
    private static PruningPlan Best(ChannelGroups groups, ChannelScores scores, PruningPlan widths) =>
        new(
            groups.Groups.Select(
                    (group, g) =>
                        (
                            group.Name,
                            Order: Enumerable.Range(0, group.Width).OrderByDescending(c => scores.Values[g][c])))
                .ToDictionary(g => g.Name, g => g.Order.Take(widths.Kept[g.Name].Length).Order().ToArray()));

    private WidthCost Cost(ChannelGroups groups)
    {
        if (_last?.Groups != groups)
            _last = (groups, _table is null ? WidthCost.Of(_target.Kind, groups) : WidthCost.Of(_table, groups));
        return _last.Value.Cost;
    }

    /// <summary>
    /// Minimum numbers of channels. Pruning may rename, split and merge groups, so minimums are stored per layer. A
    /// layer in several dense groups has the largest minimum of these, and a group the smallest of its layers.
    /// </summary>
    private IReadOnlyList<int> Floors(ChannelGroups groups) => groups == _dense.Groups
        ? _dense.Floors
        : [.. groups.Groups.Select(g => Math.Min(g.Width, g.Layers.Min(layer => _floors.GetValueOrDefault(layer, 1))))];
}
