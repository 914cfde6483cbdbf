namespace Microsoft.ML.PaT;

/// <summary>A family of networks of the same build: give it an input shape and a number of classes, and it becomes a <see cref="NetworkDefinition"/>.</summary>
public sealed class NetworkArchitecture
{
    private readonly Func<ImageShape, int, NetworkDefinition> _build;

    /// <summary>Describes an architecture.</summary>
    /// <param name="name">Its name, such as <c>resnet20-cifar</c>.</param>
    /// <param name="standardInput">The input it was published for, [C,H,W].</param>
    /// <param name="build">Makes the definition for an input shape and a number of classes.</param>
    public NetworkArchitecture(string name, ImageShape standardInput, Func<ImageShape, int, NetworkDefinition> build)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(build);
        Name = name;
        StandardInput = standardInput;
        _build = build;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The input it was published for, [C,H,W]: what pictures are resized to unless told otherwise.</summary>
    public ImageShape StandardInput { get; }

    /// <summary>Makes the definition for an input shape and a number of classes.</summary>
    /// <param name="input">Shape of the pictures, [C,H,W].</param>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <exception cref="InvalidNetworkException">The network cannot take pictures of this shape.</exception>
    public NetworkDefinition Build(ImageShape input, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return _build(input, classes);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
