using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Cuts channels out of a network by rebuilding it: a definition with new widths, and tensors gathered by <c>index_select</c>. The old
/// network is not touched. Weights and optimiser state are gathered alike, since both have the shape of the parameter.
/// </summary>
public sealed class Surgeon
{
    private readonly ChannelFlow _flow;
    private readonly HashSet<int> _removed;
    private readonly Dictionary<(string Parameter, int Dimension), long[]> _kept;

    /// <summary>Prepares a cut.</summary>
    /// <param name="groups">The channel groups of the network.</param>
    /// <param name="plan">Which channels stay.</param>
    /// <exception cref="InvalidNetworkException">The plan does not fit the groups or would empty a layer.</exception>
    public Surgeon(ChannelGroups groups, PruningPlan plan)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(plan);
        _flow = groups.Flow;
        _removed = [];
        foreach (var group in groups.Groups)
        {
            if (!plan.Kept.TryGetValue(group.Name, out var kept) || kept.Length == 0 || kept.Any(c => c < 0 || c >= group.Width))
                throw new InvalidNetworkException($"The pruning plan must keep at least one of the {group.Width} channels (0 to {group.Width - 1}) of group '{group.Name}'.");
            _removed.UnionWith(group.Channels.Except(kept.Select(c => group.Channels[c])));
        }
        _kept = _flow.Owned
            .Where(o => o.Channels.Any(_removed.Contains))
            .ToDictionary(o => (o.Parameter, o.Dimension), o => Enumerable.Range(0, o.Channels.Length).Where(i => !_removed.Contains(o.Channels[i])).Select(i => (long)i).ToArray());
        Definition = Narrow(_flow.Definition);
    }

    /// <summary>The network after the cut.</summary>
    public NetworkDefinition Definition { get; }

    /// <summary>Gathers what stays of a tensor that has the shape of a parameter: its value, or its optimiser state.</summary>
    /// <param name="parameter">Full name of the parameter.</param>
    /// <param name="tensor">The tensor, of the shape before the cut; not changed.</param>
    /// <returns>A new tensor of the shape after the cut, owned by the caller.</returns>
    public Tensor Gather(string parameter, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = NewDisposeScope();
        var result = tensor.detach().clone();
        for (var dimension = 0; dimension < tensor.shape.Length; dimension++)
        {
            if (_kept.TryGetValue((parameter, dimension), out var indices))
                result = result.index_select(dimension, torch.tensor(indices, device: tensor.device));
        }
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Marks the channels of a layer's output that stay: 1, and those that go: 0.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <returns>One value a channel.</returns>
    public IReadOnlyList<float> Mask(string layer) => [.. _flow.Channels(layer).Select(c => _removed.Contains(c) ? 0f : 1f)];

    private NetworkDefinition Narrow(NetworkDefinition definition) => new(definition.Name, definition.Input,
        [.. definition.Layers.Select(l => l.WithWidths([.. l.Inputs.Select(Width)], Width(l.Name)))]);

    private int Width(string value) => _flow.Channels(value).Count(c => !_removed.Contains(c));
}
