namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Prunes in several steps over some epochs and recomputes the scores before each. The schedule determines the ratio
/// after each step. Every step removes channels physically, so each speeds up training.
/// </summary>
internal sealed class IterativePruning
{
    private readonly BudgetSettings _options;
    private readonly TargetPlanner _planner;
    private readonly IterativePruningState _state;
    private readonly long _span;
    private int _done;

    /// <param name="options">Number of steps, epochs and schedule.</param>
    /// <param name="stepsPerEpoch">Training steps per epoch.</param>
    /// <param name="steps">Training steps of the whole run: all pruning steps are before its end.</param>
    public IterativePruning(
        BudgetSettings options, TargetPlanner planner, IterativePruningState state, int stepsPerEpoch, long steps)
    {
        _options = options;
        _planner = planner;
        _state = state;
        _done = state.Done;
        _span = Math.Min((long)options.IterativeEpochs * stepsPerEpoch, steps - state.Start);
    }

    /// <summary>
    /// Training step of the whole run before which the next pruning step is due; null after the last one.
    /// </summary>
    public long? NextStep =>
        _done < _options.IterativeSteps ? _state.Start + _done * _span / _options.IterativeSteps : null;

    public IterativePruningState State => _state with { Done = _done };

    /// <summary>Plans the pruning step that is due.</summary>
    /// <returns>Null if nothing is removed, because of the width step.</returns>
    public PruningPlan? Plan(ChannelScores scores, ChannelGroups groups, long step)
    {
        while (NextStep <= step) _done++;
        var plan = _planner.Plan(
            groups, scores, _done == _options.IterativeSteps ? null : (double)_done / _options.IterativeSteps);
        return groups.Groups.Any(g => plan.Kept[g.Name].Length < g.Width) ? plan : null;
    }
}
