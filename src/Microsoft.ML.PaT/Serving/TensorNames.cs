using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

/// <summary>Removes the prefixes that PyTorch's wrappers add to the names of tensors.</summary>
internal static class TensorNames
{
    /// <summary>
    /// Prefixes of DataParallel, of torch.compile, and of a module that contains the network, as in Lightning.
    /// </summary>
    private static readonly string[] s_prefixes = ["module.", "_orig_mod.", "model."];

    /// <summary>Removes prefixes that all names have, unless the network's names have them too.</summary>
    /// <returns>The same tensors, and the prefix that was removed; empty for none.</returns>
    public static (IReadOnlyDictionary<string, Tensor> Tensors, string Removed) WithoutPrefixes(
        IReadOnlyDictionary<string, Tensor> stored, NetworkDefinition definition)
    {
        var removed = "";
        while (stored.Count > 0 && s_prefixes.FirstOrDefault(IsCommon) is { } prefix)
        {
            stored = stored.ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
            removed += prefix;
        }
        return (stored, removed);

        bool IsCommon(string prefix) =>
            stored.Keys.All(name => name.StartsWith(prefix, StringComparison.Ordinal))
            && !definition.Parameters.All(p => p.Name.StartsWith(prefix, StringComparison.Ordinal));
    }
}
