using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning.Channels;

namespace Microsoft.ML.PaT.Pruning;

/// <summary>All prunable channel groups of a network.</summary>
public sealed class ChannelGroups
{
    private readonly (int Group, int Position)[] _place;

    private ChannelGroups(ChannelGraph flow, IReadOnlyList<ChannelGroup> groups, IReadOnlyList<string> convolutions)
    {
        Flow = flow;
        Groups = groups;
        PrunableLayers = convolutions;
        _place = new (int, int)[flow.Count];
        Array.Fill(_place, (-1, -1));
        for (var g = 0; g < groups.Count; g++)
        {
            for (var i = 0; i < groups[g].Width; i++) _place[groups[g].Channels[i]] = (g, i);
        }
    }

    /// <summary>The groups in network order.</summary>
    public IReadOnlyList<ChannelGroup> Groups { get; }

    /// <summary>
    /// Layers whose widths pruning may change, in network order; the Early Pruning Indicator uses their counts.
    /// </summary>
    public IReadOnlyList<string> PrunableLayers { get; }

    /// <summary>
    /// Number of prunable channels; a channel of m coupled layers counts m times (the paper's neurons).
    /// </summary>
    public int Neurons => Groups.Sum(g => g.Width * g.Multiplicity);

    internal ChannelGraph Flow { get; }

    internal NetworkDefinition Definition => Flow.Definition;

    /// <summary>
    /// Index in <see cref="Groups"/> of the group of a channel of the <see cref="ChannelGraph"/>; -1 if the channel
    /// must be kept.
    /// </summary>
    internal int GroupOf(int channel) => _place[channel].Group;

    /// <summary>Index of a channel within its group.</summary>
    internal int PositionOf(int channel) => _place[channel].Position;

    /// <summary>Finds the groups of a network.</summary>
    public static ChannelGroups Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var flow = new ChannelGraph(definition);

        // Channels with the same producers belong to one group: they differ only in their index. A list of producers is
        // a path in a tree.
        var path = new int[flow.Count];
        var tree = new List<(int Parent, string Layer)> { (0, "") };
        var branches = new Dictionary<(int Parent, int Layer), int>();
        for (var layer = 0; layer < flow.Produced.Count; layer++)
        {
            var (last, node) = (-1, 0);
            foreach (var channel in flow.Produced[layer].Channels)
            {
                if (flow.IsFixed(channel)) continue;
                // Adjacent channels usually have the same producers.
                if (path[channel] != last && !branches.TryGetValue((last = path[channel], layer), out node))
                {
                    branches[(last, layer)] = node = tree.Count;
                    tree.Add((last, flow.Produced[layer].Layer));
                }
                path[channel] = node;
            }
        }
        var members = Enumerable.Range(0, flow.Count).Where(c => path[c] > 0).GroupBy(c => path[c]).ToList();
        var slices = Slices(flow, members.ConvertAll(m => m.ToArray()));
        var names = new HashSet<string>();
        var groups = members.Select((channels, g) =>
        {
            var producers = Producers(tree, channels.Key);
            return new ChannelGroup(Unique(producers[0], names), producers, [.. channels], slices[g]);
        }).ToList();
        var prunable = groups.SelectMany(g => g.Layers).ToHashSet();
        return new(flow, groups, [.. flow.Produced.Select(p => p.Layer).Where(prunable.Contains)]);
    }

    private static List<string> Producers(List<(int Parent, string Layer)> tree, int node)
    {
        var producers = new List<string>();
        for (; node > 0; node = tree[node].Parent) producers.Add(tree[node].Layer);
        producers.Reverse();
        return producers;
    }

    /// <summary>Assigns the slices of all tensors to the groups in one pass.</summary>
    private static List<GroupMember>[] Slices(ChannelGraph flow, List<int[]> groups)
    {
        var place = new (int Group, int Position)[flow.Count];
        Array.Fill(place, (-1, -1));
        for (var g = 0; g < groups.Count; g++)
        {
            for (var i = 0; i < groups[g].Length; i++) place[groups[g][i]] = (g, i);
        }
        var slices = Array.ConvertAll(new int[groups.Count], _ => new List<GroupMember>());
        var dealt = new Dictionary<int[], List<(int Group, long[] Indices, int[] Channels)>>(
            ReferenceEqualityComparer.Instance);
        foreach (var (parameter, dimension, channels) in flow.Owned)
        {
            // The four tensors of a norm share a list of channels, and so does the next convolution.
            if (!dealt.TryGetValue(channels, out var parts)) dealt[channels] = parts = Deal(channels, place);
            foreach (var (group, indices, positions) in parts)
                slices[group].Add(new(parameter, dimension, indices, positions));
        }
        return slices;
    }

    /// <summary>For each group with channels in a list: their indices, in the order of the group's channels.</summary>
    private static List<(int Group, long[] Indices, int[] Channels)> Deal(
        int[] channels, (int Group, int Position)[] place)
    {
        var found = new Dictionary<int, List<(int Position, long Index)>>();
        var (last, entries) = (-1, default(List<(int, long)>));
        for (var i = 0; i < channels.Length; i++)
        {
            var (group, position) = place[channels[i]];
            if (group < 0) continue;
            if (group != last && !found.TryGetValue(group, out entries)) found[group] = entries = [];
            last = group;
            entries!.Add((position, i));
        }
        return [.. found.Select(f =>
        {
            // They are usually in order already.
            for (var i = 1; i < f.Value.Count; i++)
            {
                if (f.Value[i].CompareTo(f.Value[i - 1]) >= 0) continue;
                f.Value.Sort();
                break;
            }
            return (f.Key, f.Value.Select(e => e.Index).ToArray(), f.Value.Select(e => e.Position).ToArray());
        })];
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++) unique = $"{name}#{number}";
        return unique;
    }
}
