namespace Microsoft.ML.PaT.Pruning.Budget;

/// <summary>
/// Removes channels in several cuts spread over some epochs, scoring what is left anew before each; the schedule says how much is left after
/// which. Every cut is physical, so training speeds up with each. With as many cuts as epochs, this is iterative pruning.
/// </summary>
internal sealed class IterativePruning
{
    private readonly BudgetSettings _options;
    private readonly TargetPlanner _planner;
    private readonly IterativePruningState _state;
    private readonly long _span;
    private int _done;

    /// <param name="options">How many cuts, over how many epochs, by which schedule.</param>
    /// <param name="planner">How much in all.</param>
    /// <param name="state">Where the cuts stand.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="steps">Steps of the whole run: all cuts come before its end.</param>
    public IterativePruning(BudgetSettings options, TargetPlanner planner, IterativePruningState state, int stepsPerEpoch, long steps)
    {
        _options = options;
        _planner = planner;
        _state = state;
        _done = state.Done;
        _span = Math.Min((long)options.IterativeEpochs * stepsPerEpoch, steps - state.Start);
    }

    /// <summary>The training step, counted over the whole run, before which the next cut is due; null when all are made.</summary>
    public long? NextStep => _done < _options.IterativeSteps ? _state.Start + _done * _span / _options.IterativeSteps : null;

    /// <summary>Where the cuts stand.</summary>
    public IterativePruningState State => _state with { Done = _done };

    /// <summary>Makes the cuts that are due.</summary>
    /// <param name="scores">The scores of the present network.</param>
    /// <param name="groups">Its groups.</param>
    /// <param name="step">The present training step.</param>
    /// <returns>The plan; null when it removes nothing, because widths go in steps.</returns>
    public PruningPlan? Plan(ChannelScores scores, ChannelGroups groups, long step)
    {
        while (NextStep <= step) _done++;
        var plan = _planner.Plan(groups, scores, _done == _options.IterativeSteps ? null : (double)_done / _options.IterativeSteps);
        return groups.Groups.Any(g => plan.Kept[g.Name].Length < g.Width) ? plan : null;
    }
}
