namespace Microsoft.ML.PaT;

/// <summary>All prunable channel groups of a network, found by following its channels.</summary>
public sealed class ChannelGroups
{
    private ChannelGroups(ChannelFlow flow, IReadOnlyList<ChannelGroup> groups, IReadOnlyList<string> convolutions)
    {
        Flow = flow;
        Groups = groups;
        Convolutions = convolutions;
    }

    /// <summary>The groups, in network order.</summary>
    public IReadOnlyList<ChannelGroup> Groups { get; }

    /// <summary>The layers whose widths pruning may change, in network order: the layers that the indicator counts.</summary>
    public IReadOnlyList<string> Convolutions { get; }

    /// <summary>Channels to choose from, a channel of m coupled layers counted m times (the paper's neurons).</summary>
    public int Neurons => Groups.Sum(g => g.Width * g.Neurons);

    internal ChannelFlow Flow { get; }

    /// <summary>Finds the groups of a network.</summary>
    public static ChannelGroups Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var flow = new ChannelFlow(definition);

        // Channels that the same layers make belong to one group: they differ in their index only.
        var makers = new List<string>?[flow.Count];
        foreach (var (layer, channels) in flow.Produced)
        {
            foreach (var channel in channels)
            {
                if (!flow.IsFixed(channel)) (makers[channel] ??= []).Add(layer);
            }
        }
        var members = Enumerable.Range(0, flow.Count)
            .Where(c => makers[c] is not null)
            .GroupBy(c => string.Join('\n', makers[c]!))
            .Select(g => g.ToArray())
            .ToList();
        var slices = Slices(flow, members);
        var names = new HashSet<string>();
        var groups = members.Select((channels, g) => new ChannelGroup(Unique(makers[channels[0]]![0], names), makers[channels[0]]!, channels, slices[g])).ToList();
        var prunable = groups.SelectMany(g => g.Layers).ToHashSet();
        return new(flow, groups, [.. flow.Produced.Select(p => p.Layer).Where(prunable.Contains)]);
    }

    /// <summary>One pass over all tensors deals their slices out to the groups.</summary>
    private static List<GroupMember>[] Slices(ChannelFlow flow, List<int[]> groups)
    {
        var place = new (int Group, int Position)[flow.Count];
        Array.Fill(place, (-1, -1));
        for (var g = 0; g < groups.Count; g++)
        {
            for (var i = 0; i < groups[g].Length; i++) place[groups[g][i]] = (g, i);
        }
        var slices = Array.ConvertAll(new int[groups.Count], _ => new List<GroupMember>());
        var found = new Dictionary<int, List<(int Position, long Index)>>();
        foreach (var (parameter, dimension, channels) in flow.Owned)
        {
            found.Clear();
            for (var i = 0; i < channels.Length; i++)
            {
                var (group, position) = place[channels[i]];
                if (group < 0) continue;
                if (!found.TryGetValue(group, out var entries)) found[group] = entries = [];
                entries.Add((position, i));
            }
            foreach (var (group, entries) in found)
            {
                entries.Sort();
                slices[group].Add(new(parameter, dimension, [.. entries.Select(e => e.Index)], [.. entries.Select(e => e.Position)]));
            }
        }
        return slices;
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++) unique = $"{name}#{number}";
        return unique;
    }
}
