namespace Microsoft.ML.PaT;

/// <summary>All prunable channel groups of a network, found by following its channels.</summary>
public sealed class ChannelGroups
{
    private readonly (int Group, int Position)[] _place;

    private ChannelGroups(ChannelFlow flow, IReadOnlyList<ChannelGroup> groups, IReadOnlyList<string> convolutions)
    {
        Flow = flow;
        Groups = groups;
        Convolutions = convolutions;
        _place = new (int, int)[flow.Count];
        Array.Fill(_place, (-1, -1));
        for (var g = 0; g < groups.Count; g++)
        {
            for (var i = 0; i < groups[g].Width; i++) _place[groups[g].Channels[i]] = (g, i);
        }
    }

    /// <summary>The groups, in network order.</summary>
    public IReadOnlyList<ChannelGroup> Groups { get; }

    /// <summary>The layers whose widths pruning may change, in network order: the layers that the indicator counts.</summary>
    public IReadOnlyList<string> Convolutions { get; }

    /// <summary>Channels to choose from, a channel of m coupled layers counted m times (the paper's neurons).</summary>
    public int Neurons => Groups.Sum(g => g.Width * g.Neurons);

    internal ChannelFlow Flow { get; }

    internal NetworkDefinition Definition => Flow.Definition;

    /// <summary>The group that a channel of the <see cref="ChannelFlow"/> belongs to, by its place in <see cref="Groups"/>; -1 where it must stay.</summary>
    internal int GroupOf(int channel) => _place[channel].Group;

    /// <summary>Its number within that group.</summary>
    internal int PositionOf(int channel) => _place[channel].Position;

    /// <summary>Finds the groups of a network.</summary>
    public static ChannelGroups Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var flow = new ChannelFlow(definition);

        // Channels that the same layers make belong to one group: they differ in their index only. A list of makers is a path in a tree.
        var path = new int[flow.Count];
        var tree = new List<(int Parent, string Layer)> { (0, "") };
        var branches = new Dictionary<(int Parent, int Layer), int>();
        for (var layer = 0; layer < flow.Produced.Count; layer++)
        {
            foreach (var channel in flow.Produced[layer].Channels)
            {
                if (flow.IsFixed(channel)) continue;
                if (!branches.TryGetValue((path[channel], layer), out var node))
                {
                    branches[(path[channel], layer)] = node = tree.Count;
                    tree.Add((path[channel], flow.Produced[layer].Layer));
                }
                path[channel] = node;
            }
        }
        var members = Enumerable.Range(0, flow.Count).Where(c => path[c] > 0).GroupBy(c => path[c]).ToList();
        var slices = Slices(flow, members.ConvertAll(m => m.ToArray()));
        var names = new HashSet<string>();
        var groups = members.Select((channels, g) =>
        {
            var makers = Makers(tree, channels.Key);
            return new ChannelGroup(Unique(makers[0], names), makers, [.. channels], slices[g]);
        }).ToList();
        var prunable = groups.SelectMany(g => g.Layers).ToHashSet();
        return new(flow, groups, [.. flow.Produced.Select(p => p.Layer).Where(prunable.Contains)]);
    }

    private static List<string> Makers(List<(int Parent, string Layer)> tree, int node)
    {
        var makers = new List<string>();
        for (; node > 0; node = tree[node].Parent) makers.Add(tree[node].Layer);
        makers.Reverse();
        return makers;
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
