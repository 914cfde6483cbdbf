namespace Microsoft.ML.PaT.Pruning;

/// <summary>Observation of a policy: the sub-network that pruning would leave now.</summary>
public sealed record PolicyObservation
{
    /// <summary>Epochs since the start, with fractions.</summary>
    public required double Epoch { get; init; }

    /// <summary>Epochs of the run without retraining.</summary>
    public required int Epochs { get; init; }

    /// <summary>Epochs until the learning rate is highest.</summary>
    /// <value>Default 0.</value>
    public double WarmupEpochs { get; init; }

    /// <summary>Channels that the sub-network keeps in each of <see cref="ChannelGroups.PrunableLayers"/>.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>
    /// Whether the sub-network keeps a channel, group after group in the order of <see cref="ChannelGroups.Groups"/>.
    /// </summary>
    public required IReadOnlyList<bool> Kept { get; init; }

    /// <summary>
    /// Similarity of the counts n to those of the previous observation, m: Psi = 1 - mean over layers of
    /// |n - m| / (n + m), where 0/0 counts as 0 (CVPR 2022, equations 4 and 5); 0 to 1, null for the first.
    /// </summary>
    public double? Psi { get; init; }

    /// <summary>The Early Pruning Indicator, 0 to 1; null until it is defined.</summary>
    public double? Epi { get; init; }

    /// <summary>
    /// Change of the kept channels since the previous observation: 1 - |intersection| / |union|, 0 to 1; null for the
    /// first.
    /// </summary>
    public double? Churn { get; init; }

    /// <summary>Mask distance of Early-Bird tickets (ICLR 2020).</summary>
    /// <param name="other">Another observation of the same run.</param>
    /// <returns>Fraction of all channels that only one of the two keeps, 0 to 1.</returns>
    public double MaskDistance(PolicyObservation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Kept.Count != Kept.Count)
        {
            throw new ArgumentException(
                $"Masks of {Kept.Count} and of {other.Kept.Count} channels cannot be compared.", nameof(other));
        }
        return Kept.Count == 0
            ? 0
            : (double)Kept.Zip(other.Kept, (a, b) => a != b).Count(differs => differs) / Kept.Count;
    }
}
