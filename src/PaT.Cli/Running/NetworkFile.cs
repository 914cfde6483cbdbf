namespace PaT.Cli;

/// <summary>Networks by name or from a file.</summary>
internal static class NetworkFile
{
    /// <summary>Whether a network is the path of an ONNX model.</summary>
    public static bool IsOnnx(string text) => text.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a path is that of a <c>.pat</c> archive.</summary>
    public static bool IsArchive(string text) => text.EndsWith(".pat", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file with a network has its weights too.</summary>
    public static bool HasWeights(string text) => IsOnnx(text) || IsArchive(text);

    /// <summary>Finds a network.</summary>
    /// <param name="text">A name, or the path of a <c>.pat</c> archive, an ONNX model, or a definition as JSON.</param>
    /// <param name="input">Shape of the images, for ONNX models with a dynamic size; null for the one in the
    /// file.</param>
    /// <exception cref="PaTException">There is no network of that name, or the file has none.</exception>
    public static NetworkArchitecture Find(string text, ImageShape? input = null)
    {
        var isFile = IsOnnx(text) || IsArchive(text) || IsJson(text);
        if (isFile && !File.Exists(text))
        {
            throw new InvalidInputFileException(
                $"there is no file {text}: give the path of one, or the name of a network, such as resnet20");
        }
        if (IsOnnx(text)) return NetworkArchitecture.FromOnnx(text, input);
        if (IsArchive(text))
        {
            using var classifier = ImageClassifier.Load(text);
            return NetworkArchitecture.Of(classifier.Network);
        }
        if (IsJson(text)) return NetworkArchitecture.Of(NetworkDefinition.Load(text));
        return Path.Exists(text)
            ? throw new InvalidInputFileException(
                $"{text} has no network: give a name such as resnet20, or a file that ends with .json (a "
                + "definition), .onnx or .pat")
            : Networks.ByName(text);
    }

    private static bool IsJson(string text) => text.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether two arguments name the same file; null names none.</summary>
    public static bool IsSame(string? one, string? other) =>
        one is not null && other is not null && Path.GetFullPath(one) == Path.GetFullPath(other);
}
