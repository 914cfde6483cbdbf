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
    public int Neurons => Groups.Sum(g => g.Width * g.Layers.Count);

    internal ChannelFlow Flow { get; }

    /// <summary>Finds the groups of a network.</summary>
    public static ChannelGroups Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var flow = new ChannelFlow(definition);

        // Channels that the same layers make belong to one group: they differ in their index only.
        var makers = new Dictionary<int, List<string>>();
        foreach (var (layer, channels) in flow.Produced)
        {
            foreach (var channel in channels.Where(c => !flow.IsFixed(c)).Distinct())
            {
                if (!makers.TryGetValue(channel, out var layers)) makers[channel] = layers = [];
                layers.Add(layer);
            }
        }
        var groups = makers
            .GroupBy(m => string.Join('\n', m.Value), m => m.Key)
            .Select(g => Describe(flow, makers[g.First()], [.. g.Order()]))
            .ToList();
        var prunable = groups.SelectMany(g => g.Layers).ToHashSet();
        return new(flow, groups, [.. flow.Produced.Select(p => p.Layer).Where(prunable.Contains)]);
    }

    private static ChannelGroup Describe(ChannelFlow flow, List<string> layers, int[] channels)
    {
        var position = channels.Select((channel, i) => (channel, i)).ToDictionary(c => c.channel, c => c.i);
        var members = new List<GroupMember>();
        foreach (var (parameter, dimension, owners) in flow.Owned)
        {
            var indices = new long[channels.Length];
            Array.Fill(indices, -1);
            for (var i = 0; i < owners.Length; i++)
            {
                if (position.TryGetValue(owners[i], out var p)) indices[p] = i;
            }
            if (indices[0] >= 0) members.Add(new(parameter, dimension, indices));
        }
        return new(layers[0], layers, channels, members);
    }
}
