using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Serving;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>
/// Weights to start training from instead of random ones: a safetensors file with PyTorch's names, a native archive
/// (<c>.pat</c>), or an ONNX model (<c>.onnx</c>). With
/// <see cref="PruningPolicy.AtEpoch"/>(0) a trained network is pruned first and trained again after that.
/// </summary>
/// <param name="Path">The file.</param>
public sealed record WeightsFile(string Path)
{
    private const int MostNamed = 5;

    /// <summary>What PyTorch counts beside a batch-norm's statistics and this library has no use for.</summary>
    private const string BatchCounter = ".num_batches_tracked";

    /// <summary>
    /// Whether the classifier, the last layer that has weights, starts afresh, because it was trained for other
    /// classes.
    /// </summary>
    /// <value>Default false: every tensor comes from the file.</value>
    public bool ResetClassifier { get; init; }

    /// <summary>The file that a network starts from: the one given, or its own; null for random weights.</summary>
    internal static WeightsFile? For(NetworkArchitecture network, int classes, WeightsFile? given) =>
        given is null && network.WeightsPath is { } path
            ? new(path) { ResetClassifier = classes != network.StandardClasses }
            : given;

    /// <summary>Reads the values a network starts from.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="generator">Draws what the file does not give.</param>
    /// <returns>A float32 tensor on the CPU for each of the network's tensors, owned by the caller, and what the images
    /// of an archive or an ONNX model are normalized with, null where that is not known.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">It is neither a safetensors file nor an archive.</exception>
    /// <exception cref="InvalidFileException">It is a damaged ONNX model, or one of another network.</exception>
    /// <exception cref="InvalidFileException">A node of an ONNX model corresponds to no layer.</exception>
    /// <exception cref="InvalidFileException">Its tensors are not those of the network.</exception>
    internal (Dictionary<string, Tensor> Tensors, Normalization? Normalization) Read(
        NetworkDefinition definition, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var file = InputFile.Open(Path);
        using var imported = Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
            ? OnnxImporter.Import(Path, definition.Input)
            : null;
        using var archived = imported is null && IsArchive(file) ? ImageClassifier.Load(file) : null;
        var stored = imported?.Weights ?? archived?.Weights ?? Safetensors.Read(file, file.Length);
        try
        {
            var fresh = ResetClassifier
                ? definition.Layers.Last(l => l.Parameters.Any()).Parameters.Select(p => p.Name).ToHashSet()
                : [];
            Check(definition, stored, fresh);
            var tensors = fresh.Count > 0 ? InitialWeights.Draw(definition, generator) : [];
            foreach (var parameter in definition.Parameters.Where(p => !fresh.Contains(p.Name)))
                tensors[parameter.Name] = stored[parameter.Name].detach().to(float32, CPU, copy: true);
            foreach (var tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
            return (tensors, imported?.Normalization ?? archived?.Normalization);
        }
        finally
        {
            if (archived is null && imported is null)
            {
                foreach (var tensor in stored.Values) tensor.Dispose();
            }
        }
    }

    private void Check(NetworkDefinition definition, IReadOnlyDictionary<string, Tensor> stored, HashSet<string> fresh)
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

        var hint = "Give the network that the weights were trained for";
        var classifier = definition.Layers.Last(l => l.Parameters.Any());
        var prefix = $"'{classifier.Name}.";
        if (!ResetClassifier && problems.TrueForAll(p => p.StartsWith(prefix, StringComparison.Ordinal)))
            hint = $"Only its classifier differs: with {nameof(ResetClassifier)} that layer starts afresh";
        var others = problems.Count > MostNamed ? $", and {problems.Count - MostNamed} more" : "";
        throw new InvalidFileException(
            ErrorCodes.WeightsMismatch,
            $"The weights in {Path} do not fit network '{definition.Name}' with {definition.Classes} classes: "
                + $"{string.Join("; ", problems.Take(MostNamed))}{others}. {hint}.");
    }

    /// <summary>
    /// An archive is a zip, which begins with its mark; a safetensors file with the length of its header, which cannot
    /// be as long.
    /// </summary>
    private static bool IsArchive(FileStream file)
    {
        Span<byte> start = stackalloc byte[4];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == start.Length && start.SequenceEqual("PK\u0003\u0004"u8);
    }
}
