using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

internal static class ClassifierParts
{
    /// <exception cref="InvalidFileException">The network has other classes, channels or tensors than the other parts.
    /// The parts of a classifier come from a file.</exception>
    public static void RequireFitting(
        NetworkDefinition network,
        IReadOnlyDictionary<string, Tensor> weights,
        Normalization normalization,
        IReadOnlyList<string> classes)
    {
        if (classes.Count != network.Classes)
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The network '{network.Name}' has {network.Classes} classes, and {classes.Count} are named.");
        }
        if (normalization.Mean.Count != network.Input.Channels
            || normalization.StandardDeviation.Count != network.Input.Channels)
        {
            throw new InvalidFileException(
                ErrorCodes.ArchiveInvalid,
                $"The network '{network.Name}' takes {network.Input.Channels} channels, and the normalization has "
                    + $"{normalization.Mean.Count} means and {normalization.StandardDeviation.Count} standard "
                    + "deviations.");
        }
        RequireTensors(network, weights);
    }

    private static void RequireTensors(NetworkDefinition network, IReadOnlyDictionary<string, Tensor> weights)
    {
        var expected = network.Parameters.ToDictionary(p => p.Name, p => p.Shape);
        foreach (var (name, shape) in expected)
        {
            if (!weights.TryGetValue(name, out var tensor))
                throw Mismatch($"The weights of network '{network.Name}' lack the tensor '{name}'.");
            if (!tensor.shape.SequenceEqual(shape))
            {
                throw Mismatch(
                    $"The tensor '{name}' of network '{network.Name}' must have the shape "
                        + $"[{string.Join(',', shape)}]; it has [{string.Join(',', tensor.shape)}].");
            }
        }
        if (weights.Keys.FirstOrDefault(name => !expected.ContainsKey(name)) is { } unknown)
            throw Mismatch($"The tensor '{unknown}' belongs to no layer of network '{network.Name}'.");
    }

    private static InvalidFileException Mismatch(string what) => new(ErrorCodes.WeightsMismatch, what);
}
