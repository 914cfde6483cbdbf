using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT;

/// <summary>
/// A network architecture: creates a <see cref="NetworkDefinition"/> for an input shape and a number of classes.
/// </summary>
public sealed class NetworkArchitecture
{
    private readonly Func<ImageShape, int, NetworkDefinition> _build;

    /// <summary>Defines an architecture.</summary>
    /// <param name="name">Name of the architecture, such as <c>resnet20-cifar</c>.</param>
    /// <param name="standardInput">Input shape of the publication, [C,H,W].</param>
    /// <param name="build">Creates the definition for an input shape and a number of classes.</param>
    /// <param name="standardClasses">Number of classes of the publication; null for 1000 (ImageNet) with large images
    /// and 10 (CIFAR-10) with small ones.</param>
    public NetworkArchitecture(
        string name,
        ImageShape standardInput,
        Func<ImageShape, int, NetworkDefinition> build,
        int? standardClasses = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(build);
        Name = name;
        StandardInput = standardInput;
        StandardClasses = standardClasses ?? (standardInput.Height >= 128 ? 1000 : 10);
        _build = build;
    }

    /// <summary>
    /// Creates an architecture from a single network, such as a custom network or that of an archive, to train it
    /// again.
    /// </summary>
    /// <param name="definition">The network. Its input shape and number of classes are fixed: images are resized, and
    /// another number of classes is an error.</param>
    public static NetworkArchitecture Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(
            definition.Name,
            definition.Input,
            (input, classes) =>
                (input, classes) == (definition.Input, definition.Classes)
                    ? definition
                    : throw new InvalidOptionsException(
                        ErrorCodes.NetworkMismatch,
                        $"Network '{definition.Name}' takes images of {definition.Input} and has "
                            + $"{definition.Classes} classes; the data has {input} and {classes} classes."),
            definition.Classes)
        {
            Definition = definition,
        };
    }

    /// <summary>
    /// Reads a classifier and its weights from an ONNX file, as written by PyTorch, timm or Keras. It can be built for
    /// another number of classes, with a new classifier layer, and for another image size if the file does not fix it.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="input">Shape of the images, [C,H,W]; null to use the file's.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is not an ONNX model, is truncated or damaged, a file of its
    /// weights is missing, it is not an image classifier, or a node has no corresponding layer. The message then has
    /// the name of the node, its operator and what was expected.</exception>
    /// <exception cref="DeviceUnavailableException">libtorch cannot be loaded.</exception>
    public static NetworkArchitecture FromOnnx(string path, ImageShape? input = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var (definition, labels) = Import(input);
        return new(definition.Name, definition.Input, (shape, classes) =>
        {
            var own = shape == definition.Input ? definition : Import(shape).Definition;
            return classes == own.Classes ? own : own.WithClasses(classes);
        }, definition.Classes)
        {
            WeightsPath = path, Labels = labels,
        };

        (NetworkDefinition Definition, IReadOnlyList<string>? Labels) Import(ImageShape? shape)
        {
            using var imported = OnnxImporter.Import(path, shape);
            return (imported.Definition, imported.Labels);
        }
    }

    /// <summary>Name of the architecture.</summary>
    public string Name { get; }

    /// <summary>File with the initial weights, used unless the options specify others.</summary>
    /// <value>Null for random weights. With a number of classes other than <see cref="StandardClasses"/>, the
    /// classifier is reset.</value>
    public string? WeightsPath { get; private init; }

    /// <summary>The names of the classes in the ONNX file; null if it has none.</summary>
    internal IReadOnlyList<string>? Labels { get; private init; }

    /// <summary>The network passed to <see cref="Of"/>; null for a family.</summary>
    internal NetworkDefinition? Definition { get; private init; }

    /// <summary>
    /// Input shape of the publication, [C,H,W]. Images are resized to it unless the options specify another size.
    /// </summary>
    public ImageShape StandardInput { get; }

    /// <summary>Number of classes of the publication.</summary>
    public int StandardClasses { get; }

    /// <summary>Creates the definition for an input shape and a number of classes.</summary>
    /// <param name="input">Shape of the images, [C,H,W].</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <exception cref="InvalidOptionsException">The network cannot process images of this shape, or has a layer that
    /// no other layer reads.</exception>
    public NetworkDefinition Build(ImageShape input, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        var network = _build(input, classes);
        var unread = network.UnreadLayers;
        if (unread.Count == 0) return network;
        throw new InvalidOptionsException(
            ErrorCodes.NetworkInvalid,
            $"Network '{network.Name}' has layers that no other layer reads: "
                + $"{string.Join(", ", unread.Take(5).Select(l => $"'{l}'"))}"
                + $"{(unread.Count > 5 ? $" and {unread.Count - 5} more" : "")}. Remove them, or let a later layer "
                + $"read them; the result is that of the last layer, '{network.Layers[^1].Name}'.");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
