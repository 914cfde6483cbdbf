namespace Microsoft.ML.PaT.Pruning;

/// <summary>
/// Similarity of the structures of two sub-networks, from the number of kept channels per layer (CVPR 2022, equations 4
/// and 5).
/// </summary>
internal static class SubNetworkSimilarity
{
    /// <summary>Psi = 1 - mean over layers of |n1 - n2| / (n1 + n2), where 0/0 counts as 0.</summary>
    /// <param name="one">Channels kept in each layer.</param>
    /// <param name="other">Channels kept in each layer, of the same layers.</param>
    /// <returns>0 (nothing in common) to 1 (the same structure).</returns>
    /// <exception cref="ArgumentException">The numbers of layers differ or are 0, or a count is
    /// negative.</exception>
    public static double Psi(IReadOnlyList<int> one, IReadOnlyList<int> other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (one.Count != other.Count || one.Count == 0)
        {
            throw new ArgumentException(
                $"Both sub-networks must count the same layers, at least one; they count {one.Count} and "
                    + $"{other.Count}.");
        }
        var distance = 0.0;
        for (var layer = 0; layer < one.Count; layer++)
        {
            if (one[layer] < 0 || other[layer] < 0)
                throw new ArgumentException($"Layer {layer} has a negative number of channels.");
            double sum = (double)one[layer] + other[layer];
            if (sum > 0) distance += Math.Abs((double)one[layer] - other[layer]) / sum;
        }
        return 1 - distance / one.Count;
    }
}
