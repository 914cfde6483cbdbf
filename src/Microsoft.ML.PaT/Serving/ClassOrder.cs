using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// Puts the outputs of a classifier into the order of the images' classes. Data views number classes by their first
/// rows, so the same classes may have another order than in the training that wrote the weights.
/// </summary>
internal static class ClassOrder
{
    private const int MostNamed = 3;

    /// <param name="tensors">The network's tensors; those of the classifier are replaced.</param>
    /// <param name="inFile">Names of the classes in the order of the file's outputs.</param>
    /// <param name="classes">Names of the images' classes, as many.</param>
    /// <returns>A remark if the outputs stay in the order of the file although the names differ; null for none.
    /// </returns>
    public static string? Apply(
        NetworkDefinition definition, Dictionary<string, Tensor> tensors, string path, IReadOnlyList<string> inFile,
        IReadOnlyList<string> classes)
    {
        if (inFile.SequenceEqual(classes)) return null;
        var classifier = definition.Layers.Last(l => l.Parameters.Any());
        var names = inFile.ToHashSet();
        if (names.Count != classes.Count
            || !names.SetEquals(classes)
            || classifier is not (LinearLayer or ConvolutionLayer { Groups: 1 })
            || classifier.Parameters.Any(p => p.Shape[0] != classes.Count))
        {
            return $"The classes in {path} ({Named(inFile)}) are not named as those of the images ({Named(classes)}): "
                + "the outputs are taken in the order of the file.";
        }
        var positions = inFile.Index().ToDictionary(c => c.Item, c => (long)c.Index, StringComparer.Ordinal);
        using var order = tensor(classes.Select(name => positions[name]).ToArray());
        foreach (var parameter in classifier.Parameters)
        {
            var stored = tensors[parameter.Name];
            tensors[parameter.Name] = stored.index_select(0, order);
            stored.Dispose();
        }
        return null;
    }

    private static string Named(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? ", ..." : "");
}
