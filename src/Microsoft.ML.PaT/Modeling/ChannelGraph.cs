namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Tracks every channel through a network. Each channel that a layer produces gets a number. Layers pass numbers on,
/// couple them (an addition makes two channels one), and assign them to slices of their tensors. Slices with the same
/// number must be removed together, so offsets, strides, groups and residual connections need no special cases.
/// </summary>
internal sealed class ChannelGraph
{
    private readonly List<int> _parent = [];
    private readonly Dictionary<string, int[]> _values = [];
    private readonly List<(string Parameter, int Dimension, int[] Channels)> _owned = [];
    private readonly List<(string Layer, int[] Channels)> _produced = [];
    private readonly List<int[]> _selections = [];
    private readonly bool[] _fixed;
    private Layer _layer = null!;

    public ChannelGraph(NetworkDefinition definition)
    {
        Definition = definition;
        _values[NetworkDefinition.InputName] = Fresh(definition.Input.Channels);
        foreach (var layer in definition.Layers)
        {
            _layer = layer;
            layer.Flow(this);
        }
        // From here on, channels are numbered by their equivalence classes. Layers share channel lists, so the resolved
        // lists are shared too.
        var resolved = new Dictionary<int[], int[]>(ReferenceEqualityComparer.Instance);
        foreach (var value in _values.Keys) _values[value] = Resolve(_values[value]);
        _owned = _owned.ConvertAll(o => (o.Parameter, o.Dimension, Resolve(o.Channels)));
        _produced = _produced.ConvertAll(p => (p.Layer, Resolve(p.Channels)));
        // The colors of the images and the classes must be kept.
        _fixed = new bool[_parent.Count];
        foreach (var channel in _values[NetworkDefinition.InputName].Concat(_values[definition.Layers[^1].Name]))
            _fixed[channel] = true;
        foreach (var selection in _selections.Select(Resolve))
        {
            if (!Array.Exists(selection, IsFixed)) _fixed[selection[0]] = true;
        }

        int[] Resolve(int[] channels) =>
            resolved.TryGetValue(channels, out var known)
                ? known
                : resolved[channels] = Array.ConvertAll(channels, Find);
    }

    public NetworkDefinition Definition { get; }

    /// <summary>Upper bound of channel numbers (exclusive).</summary>
    public int Count => _parent.Count;

    /// <summary>
    /// Slices of tensors by channel: <c>Channels[i]</c> is the channel of index i of the dimension. Equal lists are
    /// usually the same object.
    /// </summary>
    public IReadOnlyList<(string Parameter, int Dimension, int[] Channels)> Owned => _owned;

    /// <summary>Channels that each convolution or linear layer produces.</summary>
    public IReadOnlyList<(string Layer, int[] Channels)> Produced => _produced;

    /// <summary>Channels of a layer's output, or of the images.</summary>
    public int[] Channels(string value) => _values[value];

    /// <summary>Whether a channel must be kept.</summary>
    public bool IsFixed(int channel) => _fixed[channel];

    /// <summary>Called by layers: the channels of an input.</summary>
    public int[] Input(int index) => _values[_layer.Inputs[index]];

    /// <summary>Called by layers: creates the channels of the output.</summary>
    public int[] Produce(int count)
    {
        var channels = Fresh(count);
        _produced.Add((_layer.Name, channels));
        Pass(channels);
        return channels;
    }

    /// <summary>Called by layers: creates channels that are always zero, which no layer produces.</summary>
    public int[] Zeros(int count) => Fresh(count);

    /// <summary>Called by layers: sets the channels of the output.</summary>
    public void Pass(int[] channels) => _values[_layer.Name] = channels;

    /// <summary>
    /// Called by layers: the output has only some of the input's channels. The first of them is kept, so that the
    /// output is never empty.
    /// </summary>
    public void Select(int[] channels)
    {
        _selections.Add(channels);
        Pass(channels);
    }

    /// <summary>Called by layers: channel i of both lists must be kept or removed together.</summary>
    public void Couple(int[] one, int[] other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            // The lower number represents both, so numbers are in network order.
            int a = Find(one[i]), b = Find(other[i]);
            _parent[Math.Max(a, b)] = Math.Min(a, b);
        }
    }

    /// <summary>
    /// Called by layers: channels at the same position in each of several equal parts must be kept or removed together.
    /// </summary>
    public void CoupleParts(int[] channels, int parts)
    {
        var width = channels.Length / parts;
        for (var part = 1; part < parts; part++)
            Couple(channels[..width], channels[(part * width)..((part + 1) * width)]);
    }

    /// <summary>Called by layers: index i of a tensor's dimension belongs to channel i.</summary>
    public void Own(string parameter, int dimension, int[] channels) => _owned.Add((parameter, dimension, channels));

    private int[] Fresh(int count)
    {
        var channels = Enumerable.Range(_parent.Count, count).ToArray();
        _parent.AddRange(channels);
        return channels;
    }

    private int Find(int channel)
    {
        while (_parent[channel] != channel) channel = _parent[channel] = _parent[_parent[channel]];
        return channel;
    }
}
