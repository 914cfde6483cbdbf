namespace Microsoft.ML.PaT;

/// <summary>
/// Removes channels in several cuts of one epoch, scoring what is left anew before each: after cut k of T the network has (1 - share)^(k/T)
/// of its neurons, the exponential schedule of CVPR 2022. Every cut is physical, so training speeds up with each.
/// </summary>
internal sealed class GradualCut(PruningOptions options, int neurons, CutState state, int stepsPerEpoch)
{
    private int _done = state.Done;

    /// <summary>Where the cut stands.</summary>
    public CutState State => state with { Done = _done };

    /// <summary>The training step, counted over the whole run, before which the next cut is due; null when all are made.</summary>
    public long? NextStep => _done < options.Cuts ? state.Start + (long)_done * stepsPerEpoch / options.Cuts : null;

    /// <summary>Makes the cuts that are due.</summary>
    /// <param name="scores">The scores of the present network.</param>
    /// <param name="groups">Its groups.</param>
    /// <param name="step">The present training step.</param>
    /// <returns>The plan; null when it removes nothing, because widths go in steps.</returns>
    public PruningPlan? Plan(ChannelScores scores, ChannelGroups groups, long step)
    {
        while (NextStep <= step) _done++;
        var budget = Math.Pow(1 - options.Target.Share, (double)_done / options.Cuts) * neurons;
        var plan = ChannelRanking.Keep(groups, scores, budget, options.RoundTo);
        return groups.Groups.Any(g => plan.Kept[g.Name].Length < g.Width) ? plan : null;
    }
}
