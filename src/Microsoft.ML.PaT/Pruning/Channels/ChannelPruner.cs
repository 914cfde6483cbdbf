using Microsoft.ML.PaT.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning;

/// <summary>
/// Removes channels by rebuilding a network (surgery): a definition with new widths, and tensors gathered by
/// <c>index_select</c>. The old network is not changed. Optimizer state has the shape of its parameter, so it is
/// gathered in the same way.
/// </summary>
internal sealed class ChannelPruner
{
    private readonly ChannelGraph _flow;
    private readonly bool[] _removed;
    private readonly Dictionary<(string Parameter, int Dimension), long[]> _kept = [];
    private readonly Dictionary<int[], bool[]> _stays = new(ReferenceEqualityComparer.Instance);

    /// <exception cref="InvalidOptionsException">The plan does not fit the groups or would empty a layer.</exception>
    public ChannelPruner(ChannelGroups groups, PruningPlan plan)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(plan);
        _flow = groups.Flow;
        _removed = new bool[_flow.Count];
        foreach (var group in groups.Groups)
        {
            if (!plan.Kept.TryGetValue(group.Name, out var stay) || stay.Length == 0
                || stay.Any(c => c < 0 || c >= group.Width))
            {
                throw new InvalidOptionsException(
                    ErrorCodes.PlanMismatch,
                    $"The pruning plan must keep at least one of the {group.Width} channels (0 to {group.Width - 1}) "
                        + $"of group '{group.Name}'.");
            }
            foreach (var channel in group.Channels) _removed[channel] = true;
            foreach (var channel in stay) _removed[group.Channels[channel]] = false;
        }
        var kept = new Dictionary<bool[], long[]>();
        foreach (var (parameter, dimension, channels) in _flow.Owned)
        {
            var stays = Stays(channels);
            if (!kept.TryGetValue(stays, out var indices)) kept[stays] = indices = Indices(stays);
            if (indices.Length < stays.Length) _kept[(parameter, dimension)] = indices;
        }
        Definition = Narrow(_flow.Definition);
    }

    /// <summary>The network after pruning.</summary>
    public NetworkDefinition Definition { get; }

    /// <summary>
    /// Gathers the kept slices of a tensor that has the shape of a parameter: its value, or its optimizer state.
    /// </summary>
    /// <param name="tensor">The tensor, of the shape before pruning; not changed.</param>
    /// <returns>A new tensor of the shape after pruning, owned by the caller.</returns>
    public Tensor Gather(string parameter, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = NewDisposeScope();
        var result = tensor.detach();
        for (var dimension = 0; dimension < tensor.dim(); dimension++)
        {
            if (_kept.TryGetValue((parameter, dimension), out var indices))
                result = result.index_select(dimension, torch.tensor(indices, device: tensor.device));
        }
        // Without index_select, the result still shares the memory of the input.
        if (!Enumerable.Range(0, (int)tensor.dim()).Any(d => _kept.ContainsKey((parameter, d))))
            result = result.clone();
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The mask of a layer's output: 1 for kept channels, 0 for removed ones.</summary>
    /// <returns>One value per channel.</returns>
    public IReadOnlyList<float> Mask(string layer) => Array.ConvertAll(Stays(layer), stays => stays ? 1f : 0f);

    private NetworkDefinition Narrow(NetworkDefinition definition) => new(definition.Name, definition.Input,
        [.. definition.Layers.Select(l => l.Narrow([.. l.Inputs.Select(Stays)], Stays(l.Name)))]);

    private bool[] Stays(string value) => Stays(_flow.Channels(value));

    /// <summary>Whether each channel is kept. Cached, because layers and tensors share lists of channels.</summary>
    private bool[] Stays(int[] channels)
    {
        if (!_stays.TryGetValue(channels, out var stays))
            _stays[channels] = stays = Array.ConvertAll(channels, c => !_removed[c]);
        return stays;
    }

    private static long[] Indices(bool[] stays)
    {
        var indices = new List<long>(stays.Length);
        for (var i = 0; i < stays.Length; i++)
        {
            if (stays[i]) indices.Add(i);
        }
        return [.. indices];
    }
}
