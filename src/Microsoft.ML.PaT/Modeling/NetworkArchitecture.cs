using Microsoft.ML.PaT.Modeling.OnnxImport;

namespace Microsoft.ML.PaT;

/// <summary>A family of networks of the same build: give it an input shape and a number of classes, and it becomes a <see cref="NetworkDefinition"/>.</summary>
public sealed class NetworkArchitecture
{
    private readonly Func<ImageShape, int, NetworkDefinition> _build;

    /// <summary>Describes an architecture.</summary>
    /// <param name="name">Its name, such as <c>resnet20-cifar</c>.</param>
    /// <param name="standardInput">The input it was published for, [C,H,W].</param>
    /// <param name="build">Makes the definition for an input shape and a number of classes.</param>
    /// <param name="standardClasses">The number of classes it was published for; null for 1000 (ImageNet) with large images and 10 (CIFAR-10) with small ones.</param>
    public NetworkArchitecture(string name, ImageShape standardInput, Func<ImageShape, int, NetworkDefinition> build, int? standardClasses = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(build);
        Name = name;
        StandardInput = standardInput;
        StandardClasses = standardClasses ?? (standardInput.Height >= 128 ? 1000 : 10);
        _build = build;
    }

    /// <summary>A single network, given as it is: one of the caller's own, or that of an archive, to train it further.</summary>
    /// <param name="definition">The network. Its input and number of classes are fixed: images are resized to it, and other classes are refused.</param>
    public static NetworkArchitecture Of(NetworkDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new(definition.Name, definition.Input, (input, classes) => (input, classes) == (definition.Input, definition.Classes)
            ? definition
            : throw new InvalidOptionsException(ErrorCodes.NetworkMismatch, $"Network '{definition.Name}' takes images of {definition.Input} and has {definition.Classes} classes; asked for were {input} and {classes}."), definition.Classes)
        {
            Definition = definition,
        };
    }

    /// <summary>
    /// A network of an ONNX file, as PyTorch, timm or Keras write classifiers, with the weights of the file. It can be built for other classes, with
    /// a classifier that starts afresh, and for images of another size where the file does not fix one.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="input">Shape of the images, [C,H,W]; null for that in the file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">It is no ONNX model, is truncated or damaged, keeps its weights in other files, or is no classifier of images.</exception>
    /// <exception cref="InvalidFileException">A node of it corresponds to no layer; the message names the node, its operator and what was expected.</exception>
    public static NetworkArchitecture FromOnnx(string path, ImageShape? input = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var definition = Import(input);
        return new(definition.Name, definition.Input, (shape, classes) =>
        {
            var own = shape == definition.Input ? definition : Import(shape);
            return classes == own.Classes ? own : own.WithClasses(classes);
        }, definition.Classes)
        {
            WeightsPath = path,
        };

        NetworkDefinition Import(ImageShape? shape)
        {
            using var imported = OnnxImporter.Import(path, shape);
            return imported.Definition;
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The file with its weights: training starts from them unless the options give others.</summary>
    /// <value>Null for random weights. For other classes than <see cref="StandardClasses"/>, the classifier is reset.</value>
    public string? WeightsPath { get; private init; }

    /// <summary>The single network that <see cref="Of"/> was given; null for families.</summary>
    internal NetworkDefinition? Definition { get; private init; }

    /// <summary>The input it was published for, [C,H,W]: what images are resized to unless told otherwise.</summary>
    public ImageShape StandardInput { get; }

    /// <summary>The number of classes it was published for.</summary>
    public int StandardClasses { get; }

    /// <summary>Makes the definition for an input shape and a number of classes.</summary>
    /// <param name="input">Shape of the images, [C,H,W].</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <exception cref="InvalidOptionsException">The network cannot take images of this shape.</exception>
    public NetworkDefinition Build(ImageShape input, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return _build(input, classes);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
