using System.Text;
using System.Text.Json;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT;

/// <summary>
/// A network as data: an immutable directed graph of named layers in order of computation, with explicit channel
/// counts. Training, cost model, pruning and archives use this description.
/// </summary>
public sealed class NetworkDefinition
{
    /// <summary>Name by which layers refer to the images.</summary>
    public const string InputName = "input";

    private const int MaxFileBytes = 64 << 20;

    private const int FormatVersion = 1;

    private readonly Dictionary<string, ImageShape> _shapes = [];

    /// <summary>Checks the layers and creates the definition.</summary>
    /// <param name="input">Shape of an image, [C,H,W].</param>
    /// <param name="layers">The layers, each after those that it reads; the last one has one output per class.</param>
    /// <exception cref="InvalidOptionsException">A layer name is not unique, or a layer reads a later layer or an input
    /// of an invalid shape.</exception>
    internal NetworkDefinition(string name, ImageShape input, IReadOnlyList<Layer> layers)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(layers);
        Name = name;
        Input = input;
        Layers = [.. layers];
        if (layers.Count == 0)
            throw new InvalidOptionsException(ErrorCodes.NetworkInvalid, $"Network '{name}' has no layers.");
        if (layers.Any(l => l is null || l.Name is null || l.Inputs is null))
        {
            throw new InvalidOptionsException(
                ErrorCodes.NetworkInvalid,
                $"Network '{name}' has a layer that is null, or has no name or no list of inputs.");
        }
        if (input is not { Channels: > 0, Height: > 0, Width: > 0 })
        {
            throw new InvalidOptionsException(
                ErrorCodes.NetworkInvalid,
                $"Network '{name}' takes images of {input}; every extent must be at least 1.");
        }

        _shapes[InputName] = input;
        foreach (var layer in layers)
        {
            var shapes = layer.Inputs.Select(i =>
                _shapes.TryGetValue(i, out var shape)
                    ? shape
                    : throw new InvalidOptionsException(
                        ErrorCodes.NetworkInvalid,
                        $"Layer '{layer.Name}' reads '{i}', and no layer before it has that name."));
            if (!_shapes.TryAdd(layer.Name, layer.OutputShape([.. shapes])))
            {
                throw new InvalidOptionsException(
                    ErrorCodes.NetworkInvalid,
                    $"Two layers are named '{layer.Name}'; names must be unique, and '{InputName}' means the images.");
            }
        }
        if (OutputShape(layers[^1].Name) is var output and not { Height: 1, Width: 1 })
        {
            throw new InvalidOptionsException(
                ErrorCodes.NetworkInvalid,
                $"Layer '{layers[^1].Name}' is the last and must give one value per class, a vector, but gives "
                    + $"{output}; pool, flatten or select a token before it.");
        }
    }

    /// <summary>Name of the network.</summary>
    public string Name { get; }

    /// <summary>Shape of an image, [C,H,W].</summary>
    public ImageShape Input { get; }

    /// <summary>The layers in order of computation.</summary>
    internal IReadOnlyList<Layer> Layers { get; }

    /// <summary>Number of classes: outputs of the last layer.</summary>
    public int Classes => OutputShape(Layers[^1].Name).Channels;

    /// <summary>Number of trainable parameters.</summary>
    public long ParameterCount => NetworkCost.Of(this).Parameters;

    /// <summary>Multiply-accumulates per image of convolutions, linear layers and attention.</summary>
    public long Macs => NetworkCost.Of(this).Macs;

    /// <summary>All tensors of the network, including running statistics, in layer order.</summary>
    internal IEnumerable<ParameterSpec> Parameters => Layers.SelectMany(l => l.Parameters);

    /// <summary>Returns the output shape of a layer, [C,H,W]; vectors are [C,1,1].</summary>
    /// <param name="layer">Name of the layer, or <see cref="InputName"/>.</param>
    public ImageShape OutputShape(string layer) => _shapes[layer];

    /// <summary>Names of layers before the last that no layer reads: they have no effect on the result.</summary>
    internal IReadOnlyList<string> UnreadLayers
    {
        get
        {
            var read = Layers.SelectMany(l => l.Inputs).ToHashSet();
            return [.. Layers.SkipLast(1).Select(l => l.Name).Where(name => !read.Contains(name))];
        }
    }

    /// <summary>
    /// Returns the network with another number of classes: the last layer with weights gets as many outputs.
    /// </summary>
    /// <exception cref="InvalidOptionsException">That layer is neither linear nor a convolution, or later layers change
    /// the number of values.</exception>
    internal NetworkDefinition WithClasses(int classes)
    {
        var classifier = Layers.Last(l => l.Parameters.Any());
        Layer replaced = classifier switch
        {
            LinearLayer linear => linear with { Out = classes },
            ConvolutionLayer { Groups: 1 } convolution => convolution with { Out = classes },
            _ => throw new InvalidOptionsException(
                ErrorCodes.ClassifierNotReplaceable,
                $"Layer '{classifier.Name}', the last of network '{Name}' that has weights, is not a classifier that "
                    + $"could be replaced for {classes} classes."),
        };
        var network = new NetworkDefinition(Name, Input, [.. Layers.Select(l => l == classifier ? replaced : l)]);
        return network.Classes == classes
            ? network
            : throw new InvalidOptionsException(
                ErrorCodes.ClassifierNotReplaceable,
                $"Network '{Name}' has {network.Classes} classes after '{classifier.Name}' was replaced for "
                    + $"{classes}.");
    }

    /// <summary>Returns the definition as versioned JSON.</summary>
    public string ToJson() =>
        JsonSerializer.Serialize(new(FormatVersion, Name, Input, Layers), NetworkJson.Default.NetworkDocument);

    /// <summary>Returns the cost of the network and of each layer as one line of JSON.</summary>
    /// <returns>
    /// <c>{"network": ..., "parameters": ..., "macs": ..., "layers": [{"name", "kind", "in", "out", "kernel", "groups",
    /// "parameters", "macs", "fused"}]}</c>; docs/guide/networks.md describes the fields.
    /// </returns>
    public string ToSummaryJson() => NetworkSummary.Of(this).ToJson();

    /// <summary>Reads the output of <see cref="ToJson"/>.</summary>
    /// <exception cref="InvalidOptionsException">The text is not a definition, has a newer version, or describes an
    /// inconsistent network.</exception>
    public static NetworkDefinition FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var document =
                JsonSerializer.Deserialize(json.AsSpan().TrimStart('\uFEFF'), NetworkJson.Default.NetworkDocument)
                ?? throw new InvalidOptionsException(ErrorCodes.NetworkInvalid, "The network definition is empty.");
            return document.Version == FormatVersion
                ? new(document.Name, document.Input, document.Layers)
                : throw new InvalidOptionsException(
                    ErrorCodes.NetworkInvalid,
                    $"The network definition has version {document.Version}; this library reads version "
                        + $"{FormatVersion}.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new InvalidOptionsException(
                ErrorCodes.NetworkInvalid,
                $"The text is not a network definition: {JsonText.Describe(e)}",
                e);
        }
    }

    /// <summary>Reads a file with the output of <see cref="ToJson"/>, in UTF-8 or UTF-16.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is larger than a definition can be.</exception>
    /// <exception cref="InvalidOptionsException">As <see cref="FromJson"/>; the message names the file.</exception>
    public static NetworkDefinition Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return FromJson(Encoding.UTF8.GetString(SmallFile.ReadJson(path, MaxFileBytes).Span));
        }
        catch (InvalidOptionsException e)
        {
            throw new InvalidOptionsException(e.Code, $"{path}: {e.Message}", e);
        }
    }
}
