using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>One import under way: the values of the ONNX graph so far, and the layers and tensors made of them. Owns the tensors until <see cref="TakeWeights"/>.</summary>
internal sealed class OnnxImport : IDisposable
{
    /// <summary>Elements that a constant or a rearranged value may have, and that all of them together may have: what larger files would need is refused.</summary>
    private const long MostElements = 1 << 25, MostBytes = 3L << 30;

    private readonly Dictionary<string, ImportedValue> _values = [];
    private readonly Dictionary<string, int> _readers;
    private readonly Dictionary<string, Tensor> _weights = [];
    private readonly Dictionary<string, LayerSource> _shared = [];
    private readonly Dictionary<string, ImageShape> _shapes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { NetworkDefinition.InputName };
    private readonly List<Layer> _layers = [];
    private long _bytes;

    /// <summary>Starts an import.</summary>
    /// <param name="model">The model.</param>
    /// <param name="readers">For each value, how often it will be read.</param>
    /// <param name="images">Images in a batch, as the file counts them.</param>
    public OnnxImport(OnnxModel model, Dictionary<string, int> readers, int images)
    {
        (Model, _readers, Images) = (model, readers, images);
    }

    /// <summary>The model.</summary>
    public OnnxModel Model { get; }

    /// <summary>Images in a batch, as the file counts them.</summary>
    public int Images { get; }

    /// <summary>The layers so far.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>The normalization that the graph begins with, by its first reader.</summary>
    public InputNormalization? Normalization { get; set; }

    /// <summary>Sets what a name stands for; the value is taken over.</summary>
    public void Set(OnnxNode? node, string name, ImportedValue value)
    {
        if (name.Length == 0 || !_readers.ContainsKey(name))
        {
            value.Dispose();
            return;
        }
        _bytes += value.Bytes;
        if (node is not null && (value.Bytes > 8 * MostElements || _bytes > MostBytes)) throw Refuse(node, "its output is larger than any classifier needs");
        if (!_values.TryAdd(name, value)) throw new InvalidFileException(ErrorCodes.OnnxFileInvalid, $"The ONNX model makes the value '{name}' twice.");
    }

    /// <summary>Says that a node has been imported: values that nothing reads from here on are freed.</summary>
    public void Done(OnnxNode node)
    {
        foreach (var name in node.Inputs.Where(n => n.Length > 0))
        {
            if (--_readers[name] > 0 || !_values.Remove(name, out var value)) continue;
            _bytes -= value.Bytes;
            value.Dispose();
        }
    }

    /// <summary>What a name stands for.</summary>
    public ImportedValue Value(OnnxNode node, int input)
    {
        var name = node.Input(input);
        if (_values.TryGetValue(name, out var value)) return value;
        if (!Model.Constants.TryGetValue(name, out var constant)) throw Refuse(node, $"it reads '{name}', which no node before it makes");
        return _values[name] = new ImportedConstant(constant.ToTensor(), name);
    }

    /// <summary>An input that must come from the images.</summary>
    public ImportedView View(OnnxNode node, int input) => Value(node, input) as ImportedView
        ?? throw Refuse(node, $"input '{node.Input(input)}' is a constant, and a value that depends on the images was expected");

    /// <summary>An input that must be constant.</summary>
    public ImportedConstant Constant(OnnxNode node, int input) => Value(node, input) as ImportedConstant
        ?? throw Refuse(node, $"input '{node.Input(input)}' depends on the images, and a constant was expected");

    /// <summary>An input that must be constant, or null where it is left out.</summary>
    public ImportedConstant? Optional(OnnxNode node, int input) => node.Input(input).Length == 0 ? null : Constant(node, input);

    /// <summary>Whether a layer's output is read by one value alone, which is read once, so that the layer may be changed for its reader.</summary>
    public bool IsReadOnce(OnnxNode node, int input, LayerSource source) =>
        _readers[node.Input(input)] == 1
        && _values.Values.Count(v => v is ImportedView view && view.Source == source) == 1
        && !_layers.Exists(l => l.Inputs.Contains(source.Name));

    /// <summary>Adds a layer without tensors, or takes the one that was added under the same key.</summary>
    /// <param name="key">What it does and to which layer.</param>
    /// <param name="layer">Makes it.</param>
    public LayerSource Shared(string key, Func<Layer> layer) => _shared.TryGetValue(key, out var known) ? known : _shared[key] = Add(layer());

    /// <summary>Adds a layer.</summary>
    /// <param name="layer">The layer, with a name of <see cref="Name"/>.</param>
    /// <param name="weights">Its tensors by full name, float32, taken over.</param>
    public LayerSource Add(Layer layer, params ReadOnlySpan<(string Name, Tensor Value)> weights)
    {
        var shape = layer.OutputShape([.. layer.Inputs.Select(ShapeOf)]);
        var source = new LayerSource(layer.Name, Images, shape);
        _names.Add(layer.Name);
        _layers.Add(layer);
        _shapes[layer.Name] = shape;
        foreach (var (name, value) in weights) _weights[name] = Single(value);
        return source;
    }

    /// <summary>Says what shape the images have.</summary>
    public LayerSource Input(ImageShape image)
    {
        _shapes[NetworkDefinition.InputName] = image;
        return new(NetworkDefinition.InputName, Images, image);
    }

    /// <summary>The shape of a layer's output.</summary>
    public ImageShape ShapeOf(string layer) => _shapes[layer];

    /// <summary>The layer of that name.</summary>
    public Layer? Find(string name) => _layers.Find(l => l.Name == name);

    /// <summary>A tensor of a layer.</summary>
    public Tensor Weight(string name) => _weights[name];

    /// <summary>Puts another layer of the same shape in the place of one.</summary>
    public void Replace(Layer layer) => _layers[_layers.FindIndex(l => l.Name == layer.Name)] = layer;

    /// <summary>Sets a tensor of a layer, float32, taken over.</summary>
    public void SetWeight(string name, Tensor value)
    {
        if (_weights.Remove(name, out var old)) old.Dispose();
        _weights[name] = Single(value);
    }

    /// <summary>The tensors of a network, which owns them from here on.</summary>
    public Dictionary<string, Tensor> TakeWeights(NetworkDefinition network)
    {
        var taken = new Dictionary<string, Tensor>();
        foreach (var parameter in network.Parameters)
        {
            _weights.Remove(parameter.Name, out var value);
            taken[parameter.Name] = value!;
        }
        return taken;
    }

    /// <summary>A name for the layer that a node becomes: that of its weight without its last part, or else that of the node. Unique.</summary>
    /// <param name="node">The node.</param>
    /// <param name="weight">Name of its weight in the file; null for none.</param>
    /// <param name="suffix">Added to the node's name, for layers beside its own.</param>
    public string Name(OnnxNode node, string? weight = null, string suffix = "")
    {
        var name = LayerNames.Of(node, weight) + suffix;
        var unique = name;
        for (var n = 2; !_names.Add(unique); n++) unique = $"{name}_{n}";
        return unique;
    }

    /// <summary>The error that says what was expected of a node.</summary>
    public static InvalidFileException Refuse(OnnxNode node, string expected, Exception? cause = null) =>
        new(ErrorCodes.OnnxNodeUnsupported, $"The ONNX node '{node.Name}' ({node.Operator}) cannot be imported: {expected}.", cause);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _values.Values) value.Dispose();
        foreach (var value in _weights.Values) value.Dispose();
    }

    private static Tensor Single(Tensor value) => value.to(ScalarType.Float32).contiguous().DetachFromDisposeScope();
}
