using System.Security.Cryptography;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;
using Microsoft.ML.PaT.Serving;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Initial weights of a training: a safetensors file with PyTorch's names, a native archive (<c>.pat</c>), or an ONNX
/// model (<c>.onnx</c>). With <see cref="PruningPolicy.AtEpoch"/>(0), a trained network is pruned first and then
/// trained.
/// </summary>
/// <remarks>
/// Prefixes that PyTorch's wrappers add to the names (<c>module.</c>, <c>_orig_mod.</c>, <c>model.</c>) are removed if
/// all names have them. Files that this library wrote name their classes: if the images have the same classes in
/// another order, the classifier is put into that order.
/// </remarks>
/// <param name="Path">The file.</param>
public sealed record WeightsFile(string Path)
{
    private const int MostNamed = 5;

    /// <summary>A counter of PyTorch's batch-norms that this library does not use.</summary>
    private const string BatchCounter = ".num_batches_tracked";

    /// <summary>
    /// Whether the classifier, the last layer with weights, starts from random weights, for example because the file is
    /// for other classes.
    /// </summary>
    /// <value>Default false: every tensor comes from the file.</value>
    public bool ResetClassifier { get; init; }

    /// <summary>
    /// Returns the SHA-256 of the file's content, and of the files next to it in which an ONNX model keeps tensors.
    /// </summary>
    /// <returns>64 hexadecimal digits in lower case.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">An ONNX model is damaged, or a file of its tensors is
    /// missing.</exception>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        foreach (var path in (IEnumerable<string>)[Path, .. IsOnnx ? OnnxModel.Load(Path).DataFiles : []])
        {
            using var file = InputFile.Open(path);
            for (int read; (read = file.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The weights file of a run: the given one, or that of the network; null for random weights.</summary>
    internal static WeightsFile? For(NetworkArchitecture network, int classes, WeightsFile? given) =>
        given is null && network.WeightsPath is { } path
            ? new(path) { ResetClassifier = classes != network.StandardClasses }
            : given;

    /// <summary>Reads the initial values of a network.</summary>
    /// <param name="generator">Random number generator for the weights of a reset classifier.</param>
    /// <param name="classes">Names of the images' classes in the order of the network's outputs. If the file names the
    /// same classes in another order, the classifier is reordered. Null for the order of the file.</param>
    /// <returns>A float32 tensor on the CPU for each of the network's tensors, owned by the caller; the normalization
    /// of the images, null if the file has none; and a remark about the names of tensors or classes, null for
    /// none.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file has no weights, is damaged, has values that are not finite, or
    /// its tensors do not fit the network; or a node of an ONNX model corresponds to no layer.</exception>
    internal (Dictionary<string, Tensor> Tensors, Normalization? Normalization, string? Remark) Read(
        NetworkDefinition definition, Generator generator, IReadOnlyList<string>? classes = null)
    {
        using var scope = NewDisposeScope();
        using var file = InputFile.Open(Path);
        using var imported = IsOnnx ? OnnxImporter.Import(Path, definition.Input) : null;
        using var archived =
            !IsOnnx && WeightsFileKind.IsArchive(file) ? Named(() => ImageClassifier.Load(file)) : null;
        IReadOnlyDictionary<string, string> metadata = new Dictionary<string, string>();
        var stored = imported?.Weights ?? archived?.Weights
            ?? Named(() => Safetensors.Read(file, file.Length, out metadata));
        try
        {
            var (named, removed) = TensorNames.WithoutPrefixes(stored, definition);
            var fresh = ResetClassifier
                ? definition.Layers.Last(l => l.Parameters.Any()).Parameters.Select(p => p.Name).ToHashSet()
                : [];
            Check(definition, named, fresh, hasNetwork: imported is not null || archived is not null);
            var tensors = fresh.Count > 0 ? InitialWeights.Draw(definition, generator) : [];
            foreach (var parameter in definition.Parameters.Where(p => !fresh.Contains(p.Name)))
            {
                tensors[parameter.Name] = named[parameter.Name].detach().to(float32, CPU, copy: true);
                RequireFinite(parameter.Name, tensors[parameter.Name]);
            }
            var normalization = imported?.Normalization ?? archived?.Normalization
                ?? WeightsMetadata.Normalization(metadata, Path);
            var inFile = archived?.Classes ?? imported?.Labels ?? WeightsMetadata.Classes(metadata, Path);
            var order = fresh.Count == 0 && classes is not null && inFile is not null
                ? ClassOrder.Apply(definition, tensors, Path, inFile, classes)
                : null;
            foreach (var tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
            var prefix = removed.Length == 0 ? null : $"The names in {Path} are read without '{removed}'.";
            string[] remarks = [.. new[] { prefix, order }.OfType<string>()];
            return (tensors, normalization, remarks.Length == 0 ? null : string.Join(' ', remarks));
        }
        finally
        {
            if (archived is null && imported is null)
            {
                foreach (var tensor in stored.Values) tensor.Dispose();
            }
        }
    }

    /// <summary>Reads what a file that this library wrote says of the images that its weights were trained
    /// on.</summary>
    /// <returns>Nothing for an ONNX model.</returns>
    /// <exception cref="InvalidFileException">The file has no weights that this library reads.</exception>
    internal TrainedImages ReadImages()
    {
        if (IsOnnx) return new();
        using var file = InputFile.Open(Path);
        if (!WeightsFileKind.IsArchive(file))
        {
            var metadata = Named(() => Safetensors.ReadMetadata(file, file.Length));
            return new(WeightsMetadata.Classes(metadata, Path));
        }
        using var archived = Named(() => ImageClassifier.Load(file));
        return new(archived.Classes, archived.Input, archived.Resizing);
    }

    /// <summary>Recognizes a file of another kind by its first bytes, before images are read.</summary>
    /// <exception cref="InvalidFileException">The file has no weights that this library reads.</exception>
    internal void RequireKind()
    {
        if (IsOnnx) return;
        using var file = InputFile.Open(Path);
        WeightsFileKind.IsArchive(file);
    }

    private bool IsOnnx => Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds the path to exceptions of readers that do not have it.</summary>
    private T Named<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidFileException e)
        {
            throw new InvalidFileException(e.Code, $"{Path}: {e.Message}", e);
        }
    }

    private void Check(
        NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> stored, HashSet<string> fresh,
        bool hasNetwork)
    {
        var problems = new List<string>();
        foreach (var parameter in definition.Parameters.Where(p => !fresh.Contains(p.Name)))
        {
            if (!stored.TryGetValue(parameter.Name, out var tensor))
                problems.Add($"'{parameter.Name}' [{string.Join(',', parameter.Shape)}] is missing");
            else if (!tensor.shape.SequenceEqual(parameter.Shape))
            {
                problems.Add(
                    $"'{parameter.Name}' must be [{string.Join(',', parameter.Shape)}] and is "
                        + $"[{string.Join(',', tensor.shape)}]");
            }
            else if (!tensor.is_floating_point())
                problems.Add($"'{parameter.Name}' must hold floating-point numbers and is {tensor.dtype}");
        }
        var known = definition.Parameters.Select(p => p.Name).ToHashSet();
        foreach (var name in stored.Keys.Except(known).Where(n => !n.EndsWith(BatchCounter, StringComparison.Ordinal)))
            problems.Add($"'{name}' [{string.Join(',', stored[name].shape)}] belongs to no layer");
        if (problems.Count == 0) return;

        var hint = hasNetwork
            ? "The file has a network of its own, which differs: give the file as the network"
            : "Give the network that the weights were trained for";
        var classifier = definition.Layers.Last(l => l.Parameters.Any());
        var prefix = $"'{classifier.Name}.";
        if (!ResetClassifier && problems.TrueForAll(p => p.StartsWith(prefix, StringComparison.Ordinal)))
            hint = $"Only its classifier differs: with {nameof(ResetClassifier)} that layer starts from random weights";
        var others = problems.Count > MostNamed ? $", and {problems.Count - MostNamed} more" : "";
        throw new InvalidFileException(
            ErrorCodes.WeightsMismatch,
            $"The weights in {Path} do not fit network '{definition.Name}' with {definition.Classes} classes: "
                + $"{string.Join("; ", problems.Take(MostNamed))}{others}. {hint}.");
    }

    private void RequireFinite(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var wrong = tensor.isfinite().logical_not();
        var count = wrong.sum().item<long>();
        if (count == 0) return;
        var first = wrong.nonzero()[0].data<long>();
        throw new InvalidFileException(
            ErrorCodes.WeightsInvalid,
            FormattableString.Invariant(
                $"'{name}' in {Path} has {count} values that are not finite, the first at [{string.Join(',', first)}].")
                + " The training that wrote the file has diverged, or the file is damaged: give another one.");
    }
}
