using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Creates a network and its weights from the ONNX file of a classifier.</summary>
internal static class OnnxImporter
{
    private static readonly Dictionary<string, Func<OnnxImport, OnnxNode, ImportedValue[]>> s_operators = new[]
    {
        Movement.Operators,
        Slicing.Operators,
        ConvolutionImport.Operators,
        Padding.Operators,
        PoolImport.Operators,
        NormImport.Operators,
        LinearImport.Operators,
        ActivationImport.Operators,
        ElementwiseImport.Operators,
        ConcatImport.Operators,
        AttentionImport.Operators,
        EinsumImport.Operators,
    }
        .SelectMany(operators => operators)
        .ToDictionary(o => o.Operator, o => o.Import);

    /// <param name="input">Shape of the images; null to use the file's.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is not an ONNX model, is truncated or damaged, a file of its
    /// weights is missing, it is not an image classifier, or a node has no corresponding layer.</exception>
    public static ImportedNetwork Import(string path, ImageShape? input = null)
    {
        TorchLibrary.Require();
        var model = OnnxModel.Load(path);
        return DnnFeaturizer.Is(model) ? DnnFeaturizer.Import(model, path, input) : Import(model, path, input);
    }

    /// <param name="path">Its file. The file's name is that of the network; errors give the path.</param>
    /// <param name="input">Shape of the images; null to use the file's.</param>
    /// <exception cref="InvalidFileException">It is not an image classifier, or a node has no corresponding
    /// layer.</exception>
    public static ImportedNetwork Import(OnnxModel model, string path, ImageShape? input = null)
    {
        try
        {
            return Network(model, Path.GetFileNameWithoutExtension(path), input);
        }
        catch (InvalidFileException e)
        {
            throw new InvalidFileException(e.Code, $"{path}: {e.Message}", e);
        }
    }

    private static ImportedNetwork Network(OnnxModel model, string name, ImageShape? given)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var input = OnnxInputImage.Of(model, given);
        var output = Output(model);
        var all = Fusions.Of(model);
        var (last, endsWithSoftmax) = TakeSoftmax(all, output);
        var nodes = Needed(all, last, out var readers);

        using var import = new OnnxImport(model, readers, input.Images);
        import.Set(null, input.Name, input.View(import));
        foreach (var node in nodes) Step(import, node);
        var end = new OnnxNode(output, "output", [last], [output]);
        var found = Guarded(end, () => import.ReadImages(
            end,
            import.View(end, 0) is { Shape.Length: 2 or 4 } vector
                ? vector
                : throw OnnxImport.Refuse(end, "one value per class was expected, [N,classes]")));
        var network = new NetworkDefinition(name, input.Image, Reached(import, found.Name));
        // Bytes that are not scaled are still 0 to 255; floats that are not may have been normalized before.
        var normalization = import.Normalization is { } own && (input.IsBytes || !own.IsIdentity) ? own : null;
        var range = normalization?.Range(input.IsBytes) ?? 1;
        var weights = import.TakeWeights(network);
        return new(network, weights, normalization?.ToNormalization(range), range, endsWithSoftmax)
        {
            Labels = model.Labels?.Count == network.Classes ? model.Labels : null,
        };
    }

    /// <summary>
    /// Returns the output with one value per class. Other outputs may be integers, such as the predicted class.
    /// </summary>
    private static string Output(OnnxModel model)
    {
        var outputs = model.Outputs.Where(o => !o.IsWhole).ToList();
        return outputs is [var only]
            ? only.Name
            : throw new InvalidFileException(
                ErrorCodes.OnnxModelUnsupported,
                $"The ONNX model was expected to have one output of floats, and has {outputs.Count} "
                    + $"({string.Join(", ", outputs.Select(o => o.Name))}); export the network with its classifier "
                    + "alone, in evaluation mode.");
    }

    private static void Step(OnnxImport import, OnnxNode node)
    {
        using var scope = NewDisposeScope();
        Guarded(node, () =>
        {
            var values = Compute(import, node);
            for (var i = 0; i < values.Length; i++)
                import.Set(node, i < node.Outputs.Count ? node.Outputs[i] : "", values[i]);
            import.Done(node);
            return values;
        });
    }

    /// <summary>Converts errors of layers and of libtorch to refusals of the node.</summary>
    private static T Guarded<T>(OnnxNode node, Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (InvalidOptionsException e)
        {
            throw OnnxImport.Refuse(node, e.Message.TrimEnd('.'), e);
        }
        catch (Exception e)
            when (e
                    is ExternalException
                        or ArgumentException
                        or InvalidOperationException
                        or IndexOutOfRangeException
                        or OverflowException
                        or DivideByZeroException
                        or NotSupportedException)
        {
            throw OnnxImport.Refuse(
                node, $"its inputs and attributes do not fit: {e.Message.Split('\n')[0].TrimEnd('.')}", e);
        }
    }

    private static ImportedValue[] Compute(OnnxImport import, OnnxNode node)
    {
        ImportedValue[] inputs =
        [
            .. Enumerable
                .Range(0, node.Inputs.Count)
                .Where(i => node.Inputs[i].Length > 0)
                .Select(i => import.Value(node, i)),
        ];
        if (node.Operator == "Shape") return [Shape(node, inputs[0])];
        if (node.Operator == "Size") return [new ImportedConstant(tensor(inputs[0].Count))];
        var isConstant = Array.TrueForAll(inputs, v => v is ImportedConstant);
        if (node.Operator == "Cast" && !isConstant) return [inputs[0].Moved(x => x.alias())];
        if (isConstant && node.Operator == "Concat") return [ConcatImport.Constants(import, node)];
        if (isConstant && ConstantFolding.Fold(import, node) is { } folded) return [folded];
        return s_operators.TryGetValue(node.Operator, out var operation)
            ? operation(import, node)
            : throw OnnxImport.Refuse(
                node, "an operator that a layer computes was expected (docs/guide/onnx-import.md has the list)");
    }

    private static ImportedConstant Shape(OnnxNode node, ImportedValue value)
    {
        var rank = value.Shape.Length;
        var (start, end) = (At("start", 0), At("end", rank));
        return new(tensor(value.Shape[start..Math.Max(start, end)]));

        int At(string name, int otherwise) =>
            node.Has(name)
                ? (int)
                    Math.Clamp(
                        node.Integer(name, 0) < 0 ? node.Integer(name, 0) + rank : node.Integer(name, 0), 0, rank)
                : otherwise;
    }

    /// <summary>Returns the nodes that the output depends on, and how often they read each value.</summary>
    private static List<OnnxNode> Needed(List<OnnxNode> nodes, string output, out Dictionary<string, int> readers)
    {
        readers = new() { [output] = 1 };
        var needed = new List<OnnxNode>();
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            if (!nodes[i].Outputs.Any(readers.ContainsKey)) continue;
            needed.Add(nodes[i]);
            foreach (var input in nodes[i].Inputs.Where(n => n.Length > 0))
                readers[input] = readers.GetValueOrDefault(input) + 1;
        }
        needed.Reverse();
        return needed;
    }

    /// <summary>Removes a softmax at the end and returns its input.</summary>
    private static (string Value, bool EndsWithSoftmax) TakeSoftmax(List<OnnxNode> nodes, string output)
    {
        var value = output;
        for (var at = nodes.Count - 1; at >= 0; at--)
        {
            if (!nodes[at].Outputs.Contains(value)) continue;
            value = nodes[at].Input(0);
            if (nodes[at].Operator is "Softmax" or "LogSoftmax")
            {
                nodes.RemoveRange(at, nodes.Count - at);
                return (value, true);
            }
            if (nodes[at].Operator is not ("Identity" or "Cast")) break;
        }
        return (output, false);
    }

    /// <summary>Returns the layers that the last one depends on, in order.</summary>
    private static List<Layer> Reached(OnnxImport import, string last)
    {
        var reached = new HashSet<string> { last };
        var layers = new List<Layer>();
        foreach (var layer in import.Layers.Reverse())
        {
            if (!reached.Contains(layer.Name)) continue;
            layers.Add(layer);
            reached.UnionWith(layer.Inputs);
        }
        layers.Reverse();
        return layers;
    }
}
