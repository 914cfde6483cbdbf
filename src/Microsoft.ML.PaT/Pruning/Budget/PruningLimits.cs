using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT;

/// <summary>
/// Limits of pruning, which apply regardless of the scores. All of them refer to the dense network.
/// </summary>
public sealed record PruningLimits
{
    /// <summary>
    /// Names of layers that keep all their channels, as do all layers that are coupled with them. * stands for any
    /// characters, ? for one.
    /// </summary>
    /// <value>Default none. A pattern that matches no prunable layer is an error.</value>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Minimum number of channels of each group; a group with fewer keeps all of them.</summary>
    /// <value>1 to 65536; default 1.</value>
    [InRange(1, 65536, Unit = "channels")]
    public int MinChannels { get; init; } = 1;

    /// <summary>Maximum fraction of a group's channels that may be removed.</summary>
    /// <value>Fraction above 0, at most 1; default 1: all but <see cref="MinChannels"/>.</value>
    [InRange(0, 1, ExcludesMin = true, IsFraction = true)]
    public double MaxRatio { get; init; } = 1;

    /// <summary>Minimum number of channels of each group.</summary>
    /// <exception cref="InvalidOptionsException">A pattern matches no prunable layer.</exception>
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
            // The tolerance prevents a rounding error from keeping another channel.
            : Math.Min(group.Width, Math.Max(MinChannels, (int)Math.Ceiling((1 - MaxRatio) * group.Width - 1e-9))))];
    }
}
