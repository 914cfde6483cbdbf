using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// State of an import: the ONNX values so far, and the layers and tensors created from them. Owns the tensors until
/// <see cref="TakeWeights"/>.
/// </summary>
internal sealed class OnnxImport : IDisposable
{
    /// <summary>
    /// Limits on the elements of one constant or rearranged value and on the bytes of all; larger files are rejected.
    /// </summary>
    private const long MostElements = 1 << 25, MostBytes = 3L << 30;

    /// <summary>Limits on the values and on the pixels of a layer's output for all images of the batch.</summary>
    private const long MostValues = 1 << 28, MostPixels = 1 << 25;

    private readonly Dictionary<string, ImportedValue> _values = [];
    private readonly Dictionary<string, int> _readers;
    private readonly Dictionary<string, Tensor> _weights = [];
    private readonly Dictionary<string, LayerSource> _shared = [];
    private readonly Dictionary<string, ImageShape> _shapes = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { NetworkDefinition.InputName };
    private readonly List<Layer> _layers = [];
    private long _bytes;

    /// <param name="readers">Number of readers of each value.</param>
    public OnnxImport(OnnxModel model, Dictionary<string, int> readers, int images)
    {
        (Model, _readers, Images) = (model, readers, images);
    }

    public OnnxModel Model { get; }

    /// <summary>Batch size in the file.</summary>
    public int Images { get; }

    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>Normalization at the start of the graph, set by the first layer that reads the images.</summary>
    public InputNormalization? Normalization { get; set; }

    /// <summary>Takes ownership of the value.</summary>
    public void Set(OnnxNode? node, string name, ImportedValue value)
    {
        if (name.Length == 0 || !_readers.ContainsKey(name))
        {
            value.Dispose();
            return;
        }
        _bytes += value.Bytes;
        if (node is not null && (value.Bytes > 8 * MostElements || _bytes > MostBytes))
            throw Refuse(node, "its output is larger than any classifier needs");
        if (!_values.TryAdd(name, value))
        {
            throw new InvalidFileException(
                ErrorCodes.OnnxFileInvalid, $"The ONNX model computes the value '{name}' twice.");
        }
    }

    /// <summary>Frees the values that no later node reads.</summary>
    public void Done(OnnxNode node)
    {
        foreach (var name in node.Inputs.Where(n => n.Length > 0))
        {
            if (--_readers[name] > 0 || !_values.Remove(name, out var value)) continue;
            _bytes -= value.Bytes;
            value.Dispose();
        }
    }

    public ImportedValue Value(OnnxNode node, int input)
    {
        var name = node.Input(input);
        if (_values.TryGetValue(name, out var value)) return value;
        if (!Model.Constants.TryGetValue(name, out var constant))
            throw Refuse(node, $"it reads '{name}', which no node before it computes");
        return _values[name] = new ImportedConstant(constant.ToTensor(), name);
    }

    /// <summary>Requires an input that depends on the images.</summary>
    public ImportedView View(OnnxNode node, int input) =>
        Value(node, input) as ImportedView
        ?? throw Refuse(
            node, $"input '{node.Input(input)}' is a constant, and a value that depends on the images was expected");

    /// <summary>Requires a constant input.</summary>
    public ImportedConstant Constant(OnnxNode node, int input) => Value(node, input) as ImportedConstant
        ?? throw Refuse(node, $"input '{node.Input(input)}' depends on the images, and a constant was expected");

    /// <summary>A constant input, or null if it is omitted.</summary>
    public ImportedConstant? Optional(OnnxNode node, int input) =>
        node.Input(input).Length == 0 ? null : Constant(node, input);

    /// <summary>Whether a layer's output has a single reader, so that the layer may be changed for it.</summary>
    public bool IsReadOnce(OnnxNode node, int input, LayerSource source) =>
        _readers[node.Input(input)] == 1
        && _values.Values.Count(v => v is ImportedView view && view.Source == source) == 1
        && !_values.Values.Any(v => v is ImportedView { Source: AttentionScores scores } && scores.Reads(source))
        && !_layers.Exists(l => l.Inputs.Contains(source.Name));

    /// <summary>Adds a layer without tensors, or returns the one that was added with the same key.</summary>
    /// <param name="layer">Creates the layer.</param>
    public LayerSource Shared(string key, Func<Layer> layer) =>
        _shared.TryGetValue(key, out var known) ? known : _shared[key] = Add(layer());

    /// <summary>Adds a layer.</summary>
    /// <param name="layer">Its name must come from <see cref="Name"/>.</param>
    /// <param name="weights">float32 tensors by full name; owned by this object from now on.</param>
    public LayerSource Add(Layer layer, params ReadOnlySpan<(string Name, Tensor Value)> weights)
    {
        var shape = layer.OutputShape([.. layer.Inputs.Select(ShapeOf)]);
        var pixels = (double)Images * shape.Height * shape.Width;
        if (pixels > MostPixels || pixels * shape.Channels > MostValues)
        {
            throw new InvalidOptionsException(
                ErrorCodes.LayerInvalid, $"{Images} x {shape} values are more than any classifier needs");
        }
        var source = new LayerSource(layer.Name, Images, shape);
        _names.Add(layer.Name);
        _layers.Add(layer);
        _shapes[layer.Name] = shape;
        foreach (var (name, value) in weights) _weights[name] = Single(value);
        return source;
    }

    /// <summary>Sets the shape of the images.</summary>
    public LayerSource Input(ImageShape image)
    {
        _shapes[NetworkDefinition.InputName] = image;
        return new(NetworkDefinition.InputName, Images, image);
    }

    public ImageShape ShapeOf(string layer) => _shapes[layer];

    public Layer? Find(string name) => _layers.Find(l => l.Name == name);

    public Tensor Weight(string name) => _weights[name];

    /// <summary>Replaces a layer by one of the same shape.</summary>
    public void Replace(Layer layer) => _layers[_layers.FindIndex(l => l.Name == layer.Name)] = layer;

    /// <summary>Takes ownership of the float32 tensor.</summary>
    public void SetWeight(string name, Tensor value)
    {
        if (_weights.Remove(name, out var old)) old.Dispose();
        _weights[name] = Single(value);
    }

    /// <summary>Returns the network's tensors; the caller owns them.</summary>
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

    /// <summary>
    /// Returns a unique layer name: that of the weight without its last part, otherwise that of the node.
    /// </summary>
    /// <param name="weight">Name of the node's weight in the file; null for none.</param>
    public string Name(OnnxNode node, string? weight = null, string suffix = "")
    {
        var name = LayerNames.Of(node, weight) + suffix;
        var unique = name;
        for (var n = 2; !_names.Add(unique); n++) unique = $"{name}_{n}";
        return unique;
    }

    public static InvalidFileException Refuse(OnnxNode node, string expected, Exception? cause = null) =>
        new(
            ErrorCodes.OnnxNodeUnsupported,
            $"The ONNX node '{node.Name}' ({node.Operator}) cannot be imported: {expected}.",
            cause);

    public void Dispose()
    {
        foreach (var value in _values.Values) value.Dispose();
        foreach (var value in _weights.Values) value.Dispose();
    }

    private static Tensor Single(Tensor value) => value.to(ScalarType.Float32).contiguous().DetachFromDisposeScope();
}
