using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Pruning;

/// <summary>
/// The Early Pruning Indicator (CVPR 2022, equation 6): the mean similarity of the current sub-network to its last r
/// predecessors.
/// </summary>
public sealed class EarlyPruningIndicator
{
    private readonly Queue<IReadOnlyList<int>> _history = [];

    /// <summary>Creates an indicator without history.</summary>
    /// <param name="window">r, the number of predecessors; at least 1; default 5, as in the paper.</param>
    public EarlyPruningIndicator(int window = EarlyPruningIndicatorPolicy.DefaultWindow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        Window = window;
    }

    /// <summary>r, the number of predecessors.</summary>
    public int Window { get; }

    /// <summary>Similarity of the last sub-network to its predecessor, 0 to 1; null for the first.</summary>
    public double? Psi { get; private set; }

    /// <summary>Adds the current sub-network.</summary>
    /// <param name="counts">Kept channels of each layer.</param>
    /// <returns>EPI = (1/r) * sum for j = 1..r of Psi(N_t, N_(t-j)), 0 to 1; null until r predecessors exist.</returns>
    /// <exception cref="ArgumentException">The number of layers differs from that of the predecessors.</exception>
    public double? Observe(IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int[] present = [.. counts];
        var similarities = _history.Select(past => SubNetworkSimilarity.Psi(present, past)).ToList();
        Psi = similarities.Count > 0 ? similarities[^1] : null;
        double? indicator = similarities.Count == Window ? similarities.Average() : null;
        _history.Enqueue(present);
        if (_history.Count > Window) _history.Dequeue();
        return indicator;
    }
}
