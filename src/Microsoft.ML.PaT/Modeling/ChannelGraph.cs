namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Follows every single channel through a network. Each channel that a layer produces gets a number; layers pass numbers on, couple them
/// (an addition makes two channels one), and claim them for slices of their tensors. What ends up under one number can only be removed
/// together, wherever it lies, so offsets, strides, groups and residual ties need no case of their own.
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
        // From here on every channel is called by the number of its class. Layers hand a list on and own several tensors by it: it stays one list.
        var resolved = new Dictionary<int[], int[]>(ReferenceEqualityComparer.Instance);
        foreach (var value in _values.Keys) _values[value] = Resolve(_values[value]);
        _owned = _owned.ConvertAll(o => (o.Parameter, o.Dimension, Resolve(o.Channels)));
        _produced = _produced.ConvertAll(p => (p.Layer, Resolve(p.Channels)));
        // Colors and classes are what the user sees: they stay.
        _fixed = new bool[_parent.Count];
        foreach (var channel in _values[NetworkDefinition.InputName].Concat(_values[definition.Layers[^1].Name])) _fixed[channel] = true;
        foreach (var selection in _selections.Select(Resolve))
        {
            if (!Array.Exists(selection, IsFixed)) _fixed[selection[0]] = true;
        }

        int[] Resolve(int[] channels) => resolved.TryGetValue(channels, out var known) ? known : resolved[channels] = Array.ConvertAll(channels, Find);
    }

    public NetworkDefinition Definition { get; }

    /// <summary>All channels have numbers below this.</summary>
    public int Count => _parent.Count;

    /// <summary>Slices of tensors by channel: entry i of <c>Channels</c> is the channel that index i of the dimension belongs to. Equal lists are mostly one object.</summary>
    public IReadOnlyList<(string Parameter, int Dimension, int[] Channels)> Owned => _owned;

    /// <summary>The channels each convolution or linear layer makes.</summary>
    public IReadOnlyList<(string Layer, int[] Channels)> Produced => _produced;

    /// <summary>The channels of a layer's output, or of the images.</summary>
    public int[] Channels(string value) => _values[value];

    /// <summary>Whether a channel must stay.</summary>
    public bool IsFixed(int channel) => _fixed[channel];

    /// <summary>Called by a layer: the channels of one of its inputs.</summary>
    public int[] Input(int index) => _values[_layer.Inputs[index]];

    /// <summary>Called by a layer: it makes new channels, its output.</summary>
    public int[] Produce(int count)
    {
        var channels = Fresh(count);
        _produced.Add((_layer.Name, channels));
        Pass(channels);
        return channels;
    }

    /// <summary>Called by a layer: new channels that nothing makes, for they are always zero.</summary>
    public int[] Zeros(int count) => Fresh(count);

    /// <summary>Called by a layer: its output has these channels.</summary>
    public void Pass(int[] channels) => _values[_layer.Name] = channels;

    /// <summary>Called by a layer: its output is only some of its input's channels, and they must not all go, so the first stays.</summary>
    public void Select(int[] channels)
    {
        _selections.Add(channels);
        Pass(channels);
    }

    /// <summary>Called by a layer: channel i of one and of the other stay or go together.</summary>
    public void Couple(int[] one, int[] other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            // The lower number stands for both, so numbers run in network order.
            int a = Find(one[i]), b = Find(other[i]);
            _parent[Math.Max(a, b)] = Math.Min(a, b);
        }
    }

    /// <summary>Called by a layer: of channels that lie in several equal parts, those at the same place of every part stay or go together.</summary>
    public void CoupleParts(int[] channels, int parts)
    {
        var width = channels.Length / parts;
        for (var part = 1; part < parts; part++) Couple(channels[..width], channels[(part * width)..((part + 1) * width)]);
    }

    /// <summary>Called by a layer: index i of a dimension of its tensor belongs to channel i.</summary>
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
