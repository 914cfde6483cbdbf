using Microsoft.ML.PaT.Pruning.Channels;

namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// How much of one network goes: knows its cost before the first cut, what each group keeps at least, and turns scores
/// into plans.
/// </summary>
internal sealed class TargetPlanner
{
    private readonly BudgetSettings _options;
    private readonly PruningTarget _target;
    private readonly PruningPlan? _given;
    private readonly LatencyTable? _table;
    private readonly double _full;
    private readonly Dictionary<string, int> _floors;
    private readonly (ChannelGroups Groups, IReadOnlyList<int> Floors) _dense;
    private (ChannelGroups Groups, WidthCost Cost)? _last;

    /// <summary>Looks at a network.</summary>
    /// <param name="options">How much to remove.</param>
    /// <param name="dense">The groups of the network before the first cut.</param>
    /// <param name="step">Widths are multiples of this.</param>
    /// <param name="measure">Measures the layers, for a target by latency.</param>
    /// <exception cref="InvalidOptionsException">An exclusion fits no layer.</exception>
    /// <exception cref="InvalidFileException">The plan or the widths that were given are not for this
    /// network.</exception>
    public TargetPlanner(BudgetSettings options, ChannelGroups dense, int step, Func<LatencyTable>? measure = null)
    {
        _options = options;
        Step = step;
        _given = options.Widths is { } widths ? NetworkWidths.PlanOf(dense, widths) : options.Plan?.For(dense);
        // What a given plan removes is watched as if its fraction of the channels had been asked for.
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
        Range = ReachableRange.Of(_target.Kind, cost, floors, step);
        _dense = (dense, floors);
    }

    /// <summary>Widths are multiples of this.</summary>
    public int Step { get; }

    /// <summary>What can be reached.</summary>
    public ReachableRange Range { get; }

    /// <summary>Whether the target can be reached.</summary>
    public bool IsReachable => _given is not null || _target.Ratio <= Range.Most.Ratio + 1e-9;

    /// <summary>Refuses a target that cannot be reached.</summary>
    /// <exception cref="UnreachableTargetException">The target asks for more than can go.</exception>
    public void RequireReachable(string network)
    {
        if (IsReachable) return;
        throw new UnreachableTargetException(
            ErrorCodes.TargetUnreachable,
            $"Removing {_target} cannot be done on '{network}'. {Range}{Environment.NewLine}Lower Pruning.Target or "
                + "Pruning.RoundTo, or loosen Pruning.Limits.");
    }

    /// <summary>The plan for the target, or for a part of the way to it; what was given where something was.</summary>
    /// <param name="groups">The groups of the network as it is now.</param>
    /// <param name="scores">The scores of its channels.</param>
    /// <param name="done">The part of the cuts that is done with this one, fraction 0 to 1; null for the last one. The
    /// last one meets the target or exceeds it by less than a chunk; those before it exceed nothing.</param>
    public PruningPlan Plan(ChannelGroups groups, ChannelScores scores, double? done = null)
    {
        if (_given is not null) return _options.Widths is null ? _given : Best(groups, scores, _given);
        var kept = done is { } part ? _options.Schedule.Kept(_target.Ratio, part) : 1 - _target.Ratio;
        return Keep(groups, scores, kept, Step, atLeast: done is null);
    }

    /// <summary>
    /// The sub-network that the target would leave now: what the indicator watches. Channel by channel, but by latency
    /// in steps of width, for which it was measured.
    /// </summary>
    public PruningPlan Watch(ChannelGroups groups, ChannelScores scores) =>
        Keep(groups, scores, 1 - _target.Ratio, _table is null ? 1 : Step, atLeast: true);

    /// <summary>
    /// The sub-network on the way from the present network to the target, for criteria that mask and score in rounds.
    /// </summary>
    /// <param name="groups">The groups of the network as it is now.</param>
    /// <param name="scores">The scores of its channels.</param>
    /// <param name="part">The part of the way, fraction 0 to 1: what is left shrinks exponentially (SynFlow, NeurIPS
    /// 2020).</param>
    public PruningPlan Towards(ChannelGroups groups, ChannelScores scores, double part)
    {
        var now = Cost(groups).Full / _full;
        return Keep(
            groups,
            scores,
            now * Math.Pow(Math.Min(1, (1 - _target.Ratio) / now), part),
            _table is null ? 1 : Step,
            atLeast: true);
    }

    /// <summary>
    /// The fraction of the first latency that a network is predicted to take; null for targets of another kind.
    /// </summary>
    public double? PredictedTime(ChannelGroups groups) => _table is null ? null : Cost(groups).Full / _full;

    private PruningPlan Keep(ChannelGroups groups, ChannelScores scores, double kept, int step, bool atLeast) =>
        _table is null
            ? ChannelRanking.Keep(Cost(groups), scores, kept * _full, step, Floors(groups), atLeast)
            : ChannelRanking.KeepByPrice(Cost(groups), scores, kept * _full, step, Floors(groups), atLeast);

    /// <summary>As many channels of every group as a plan keeps, the best of them; of equal ones the first.</summary>
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
    /// After a cut groups may have other names or be parted; the layers they tie are still known. One that was several
    /// before keeps what the most demanding of them did.
    /// </summary>
    private IReadOnlyList<int> Floors(ChannelGroups groups) => groups == _dense.Groups
        ? _dense.Floors
        : [.. groups.Groups.Select(g => Math.Min(g.Width, g.Layers.Min(layer => _floors.GetValueOrDefault(layer, 1))))];
}
