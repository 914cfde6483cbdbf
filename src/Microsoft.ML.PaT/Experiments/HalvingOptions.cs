namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, AISTATS 2016): all trials train a few epochs, the most accurate ones go on, several times over, and few are trained to their end.
/// </summary>
/// <remarks>
/// A trial that goes on continues from its checkpoint, on the schedule of its whole run: on a CPU it ends as one that was never paused, bit for bit. Only accuracy decides who goes on,
/// so a small ratio beats a large one: to draw a Pareto front, search without halving, or one ratio at a time.
/// </remarks>
public sealed record HalvingOptions
{
    /// <summary>Epochs after which trials are compared for the first time.</summary>
    /// <value>At least 1 and fewer than the run has; default 1.</value>
    public int FirstEpochs { get; init; } = 1;

    /// <summary>One of so many goes on, and trains so many times as long until the next comparison.</summary>
    /// <value>2 to 10; default 3 (Hyperband, JMLR 2018).</value>
    public int Factor { get; init; } = 3;

    /// <summary>The rungs of such a ladder.</summary>
    /// <param name="epochs">Epochs of a whole run.</param>
    /// <param name="trials">Trials that start.</param>
    /// <returns>For each rung the epochs at which trials that are still in have been trained, and how many are in; the last one is the end of the run.</returns>
    internal IReadOnlyList<(int Epochs, int Trials)> Rungs(int epochs, int trials)
    {
        var rungs = new List<(int, int)>();
        for (long at = FirstEpochs; at < epochs; at *= Factor, trials = Math.Max(1, trials / Factor)) rungs.Add(((int)at, trials));
        return [.. rungs, (epochs, trials)];
    }
}
