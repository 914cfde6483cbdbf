using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT;

/// <summary>
/// What pruning must leave alone, whatever the scores say. All limits are held against the network as it was before the
/// first cut.
/// </summary>
public sealed record PruningLimits
{
    /// <summary>
    /// Layers that keep all their channels, and with them every layer they are coupled with: names, in which * stands
    /// for any letters and ? for any one.
    /// </summary>
    /// <value>Default none. A pattern that fits no prunable layer is an error.</value>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Channels that every group keeps; a group that has no more stays whole.</summary>
    /// <value>1 to 65536; default 1.</value>
    [InRange(1, 65536, Unit = "channels")]
    public int MinChannels { get; init; } = 1;

    /// <summary>The largest fraction of a group's channels that may go.</summary>
    /// <value>Fraction above 0, at most 1; default 1: all but <see cref="MinChannels"/>.</value>
    [InRange(0, 1, ExcludesMin = true, IsFraction = true)]
    public double MaxRatio { get; init; } = 1;

    /// <summary>Channels that each group of a network keeps at least.</summary>
    /// <exception cref="InvalidOptionsException">A pattern fits no layer that can be narrowed.</exception>
    internal IReadOnlyList<int> Floors(ChannelGroups groups)
    {
        var layers = groups.Groups.SelectMany(g => g.Layers).ToHashSet();
        var unmatched = Exclude.Where(pattern => !layers.Any(l => NamePattern.Fits(pattern, l))).ToList();
        if (unmatched.Count > 0)
        {
            throw new InvalidOptionsException(
                ErrorCodes.ExcludeUnmatched,
                $"Pruning.Limits.Exclude names {string.Join(", ", unmatched.Select(p => $"'{p}'"))}, and no layer of "
                    + $"'{groups.Definition.Name}' that can be narrowed has such a name. There are: "
                    + $"{string.Join(", ", groups.PrunableLayers)}.");
        }
        return [.. groups.Groups.Select(group => group.Layers.Any(l => Exclude.Any(p => NamePattern.Fits(p, l)))
            ? group.Width
            // 0.9 of ten channels are nine, whatever binary fractions make of it.
            : Math.Min(group.Width, Math.Max(MinChannels, (int)Math.Ceiling((1 - MaxRatio) * group.Width - 1e-9))))];
    }
}
