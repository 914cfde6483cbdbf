namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, AISTATS 2016): all trials train for a few epochs, then only the most
/// accurate ones continue. This repeats until few trials remain, which train to the end.
/// </summary>
/// <remarks>
/// A trial resumes from its checkpoint with the schedule of its whole run. On a CPU, the result equals that of an
/// uninterrupted trial bit for bit. Trials are compared by accuracy only, so small pruning ratios have an advantage
/// over large ones. To find a Pareto front, search without halving or with one ratio at a time.
/// </remarks>
public sealed record HalvingOptions
{
    /// <summary>Epochs before the first comparison.</summary>
    /// <value>At least 1 and less than the epochs of the run; default 1.</value>
    public int FirstEpochs { get; init; } = 1;

    /// <summary>Reduction factor: the best 1/Factor of the trials continue and train Factor times longer.</summary>
    /// <value>2 to 10; default 3 (Hyperband, JMLR 2018).</value>
    public int Factor { get; init; } = 3;

    /// <param name="epochs">Epochs of a whole run.</param>
    /// <param name="trials">Number of trials at the start.</param>
    /// <returns>For each rung, the epochs that its trials have trained in total, and the number of its trials. The last
    /// rung is the end of the run.</returns>
    internal IReadOnlyList<(int Epochs, int Trials)> Rungs(int epochs, int trials)
    {
        var rungs = new List<(int, int)>();
        for (long at = FirstEpochs; at < epochs; at *= Factor, trials = Math.Max(1, trials / Factor))
            rungs.Add(((int)at, trials));
        return [.. rungs, (epochs, trials)];
    }
}
