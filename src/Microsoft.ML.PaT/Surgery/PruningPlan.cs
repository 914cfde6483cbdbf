namespace Microsoft.ML.PaT;

/// <summary>Which channels stay: the input of surgery.</summary>
public sealed class PruningPlan
{
    /// <summary>Describes a plan.</summary>
    /// <param name="kept">For each group by name, the channels that stay, ascending; at least one.</param>
    public PruningPlan(IReadOnlyDictionary<string, int[]> kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        Kept = kept;
    }

    /// <summary>For each group by name, the channels that stay, ascending.</summary>
    public IReadOnlyDictionary<string, int[]> Kept { get; }

    /// <summary>The number of channels each layer of <see cref="ChannelGroups.Convolutions"/> keeps, in that order.</summary>
    public IReadOnlyList<int> Counts(ChannelGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var counts = groups.Convolutions.ToDictionary(c => c, c => groups.Flow.Channels(c).Count(groups.Flow.IsFixed));
        foreach (var group in groups.Groups)
        {
            foreach (var layer in group.Makers) counts[layer] += Kept[group.Name].Length;
        }
        return [.. groups.Convolutions.Select(c => counts[c])];
    }
}
