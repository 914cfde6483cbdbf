using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Channels;

namespace Microsoft.ML.PaT;

/// <summary>
/// The channels that pruning keeps. A plan can be saved to a file and applied in another run: the policy then decides
/// when to prune, and the plan which channels are removed.
/// </summary>
public sealed class PruningPlan
{
    /// <summary>Creates a plan for any network that has these groups.</summary>
    /// <param name="kept">For each group by name, the channels to keep, ascending; at least one.</param>
    public PruningPlan(IReadOnlyDictionary<string, int[]> kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        Kept = kept;
    }

    /// <summary>For each group by name, the channels to keep, ascending.</summary>
    public IReadOnlyDictionary<string, int[]> Kept { get; }

    /// <summary>The name of the network that the plan was made for; null if unknown.</summary>
    public string? Network { get; private init; }

    /// <summary>The input shape of that network, [C,H,W]; null if unknown.</summary>
    public ImageShape? Input { get; private init; }

    /// <summary>The number of channels of each prunable layer after pruning; empty if unknown.</summary>
    public IReadOnlyDictionary<string, int> Widths { get; private init; } = new Dictionary<string, int>();

    /// <summary>
    /// Reads a plan from a file that <see cref="Save"/> wrote. It is checked against a network when it is applied.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidFileException">The file is not a plan, is damaged, or comes from a newer
    /// version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PruningPlan Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = PruningPlanFile.Read(path);
        return new(file.Groups) { Network = file.Network, Input = file.Input, Widths = file.Widths };
    }

    /// <summary>Returns the plan that gives layers a number of channels and keeps the first ones.</summary>
    /// <param name="network">The network.</param>
    /// <param name="widths">Channels by layer. Layers that are coupled with a named layer follow it; all others keep
    /// their channels.</param>
    /// <exception cref="InvalidOptionsException">A layer does not exist, cannot have that width, or is coupled with one
    /// that has another.</exception>
    public static PruningPlan FromWidths(NetworkDefinition network, IReadOnlyDictionary<string, int> widths)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(widths);
        return NetworkWidths.PlanOf(ChannelGroups.Of(network), widths);
    }

    /// <summary>Reads widths from a file.</summary>
    /// <param name="path">A JSON object of layer names and whole numbers.</param>
    /// <returns>Channels by layer, for <see cref="FromWidths"/> and <c>PruningOptions.Widths</c>.</returns>
    /// <exception cref="InvalidFileException">The file has another content.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, int> LoadWidths(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return NetworkWidths.Load(path);
    }

    /// <summary>Returns the network without the channels that the plan removes.</summary>
    /// <param name="network">The dense network; not changed.</param>
    /// <exception cref="InvalidOptionsException">The plan is for another network.</exception>
    public NetworkDefinition Apply(NetworkDefinition network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var groups = ChannelGroups.Of(network);
        return new ChannelPruner(groups, For(groups)).Definition;
    }

    /// <summary>
    /// Writes the plan to a file: JSON with a version, the network, its input, the kept channels of each group, and the
    /// resulting widths. An interrupted write leaves an existing file unchanged.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="InvalidOperationException">The plan has no network; plans of a run and of <see cref="For"/>
    /// have one.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Network is null || Input is not { } input)
            throw new InvalidOperationException("The plan has no network: call For with its groups.");
        PruningPlanFile.Write(
            path, new(PruningPlanFile.NewestVersion, Network, input, Kept.ToDictionary(), Widths.ToDictionary()));
    }

    /// <summary>Checks the plan against a network, and returns it with the network's name, input and widths.</summary>
    /// <param name="groups">The groups of the network.</param>
    /// <exception cref="InvalidOptionsException">The plan is for another network, or does not fit a group; the message
    /// names it.</exception>
    public PruningPlan For(ChannelGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var network = groups.Definition;
        if (Network is not null && Network != network.Name)
        {
            throw new InvalidOptionsException(
                ErrorCodes.PlanMismatch, $"The pruning plan is for network '{Network}', not for '{network.Name}'.");
        }
        foreach (var group in groups.Groups)
        {
            if (!Kept.TryGetValue(group.Name, out var kept))
            {
                throw new InvalidOptionsException(
                    ErrorCodes.PlanMismatch,
                    $"The pruning plan does not have group '{group.Name}' of '{network.Name}'.");
            }
            var ascending = kept.Zip(kept.Skip(1)).All(pair => pair.First < pair.Second);
            if (kept.Length == 0 || !ascending || kept[0] < 0 || kept[^1] >= group.Width)
            {
                throw new InvalidOptionsException(
                    ErrorCodes.PlanMismatch,
                    $"The pruning plan must name at least one of the {group.Width} channels (0 to {group.Width - 1}) "
                        + $"of group '{group.Name}', each once, in ascending order.");
            }
        }
        if (Kept.Keys.Except(groups.Groups.Select(g => g.Name)).FirstOrDefault() is { } unknown)
        {
            throw new InvalidOptionsException(
                ErrorCodes.PlanMismatch,
                $"The pruning plan names group '{unknown}', which '{network.Name}' does not have.");
        }
        var counts = Counts(groups);
        var widths =
            groups.PrunableLayers.Select((layer, i) => (layer, counts[i])).ToDictionary(w => w.layer, w => w.Item2);
        if (Widths.FirstOrDefault(w => widths.GetValueOrDefault(w.Key) != w.Value) is { Key: { } other })
        {
            throw new InvalidOptionsException(
                ErrorCodes.PlanMismatch,
                $"The pruning plan leaves layer '{other}' with {Widths[other]} channels, but on '{network.Name}' it "
                    + $"would leave {widths.GetValueOrDefault(other)}: it was made for another network.");
        }
        return new(Kept) { Network = network.Name, Input = network.Input, Widths = widths };
    }

    /// <summary>
    /// The number of kept channels of each layer of <see cref="ChannelGroups.PrunableLayers"/>, in that order.
    /// </summary>
    public IReadOnlyList<int> Counts(ChannelGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var counts =
            groups.PrunableLayers.ToDictionary(c => c, c => groups.Flow.Channels(c).Count(groups.Flow.IsFixed));
        foreach (var group in groups.Groups)
        {
            foreach (var layer in group.Producers) counts[layer] += Kept[group.Name].Length;
        }
        return [.. groups.PrunableLayers.Select(c => counts[c])];
    }

    /// <summary>Combines this plan and one for the pruned network into a single plan.</summary>
    /// <returns>The plan; null if the second plan separates channels that are coupled in the first network, or removes
    /// one that must be kept there. Both can happen: a depthwise convolution of one channel couples nothing, and a
    /// split may have to keep another channel.</returns>
    internal PruningPlan? Then(ChannelGroups groups, PruningPlan then, ChannelGroups thenGroups)
    {
        var (mask, thenMask) = (Stays(groups), then.Stays(thenGroups));
        // Channels are identified by their positions in the layers that produce them; numbers and names may differ.
        var fate = new bool?[groups.Flow.Count];
        foreach (var (layer, channels) in groups.Flow.Produced)
        {
            foreach (var (channel, later) in channels.Where(c => mask[c]).Zip(thenGroups.Flow.Channels(layer)))
            {
                if ((fate[channel] is { } stays && stays != thenMask[later])
                    || (groups.GroupOf(channel) < 0 && !thenMask[later]))
                {
                    return null;
                }
                fate[channel] = thenMask[later];
            }
        }
        var kept = groups.Groups.ToDictionary(
            g => g.Name, g => Kept[g.Name].Where(c => fate[g.Channels[c]] == true).ToArray());
        return kept.Values.All(k => k.Length > 0) ? new(kept) : null;
    }

    /// <summary>For each number of the <see cref="ChannelGraph"/>, whether the channel is kept.</summary>
    private bool[] Stays(ChannelGroups groups)
    {
        var stays = new bool[groups.Flow.Count];
        Array.Fill(stays, true);
        foreach (var group in groups.Groups)
        {
            foreach (var channel in group.Channels) stays[channel] = false;
            foreach (var channel in Kept[group.Name]) stays[group.Channels[channel]] = true;
        }
        return stays;
    }
}
