using Microsoft.ML.PaT.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Imports batch, layer and group normalization.</summary>
internal static class NormImport
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
    [
        ("BatchNormalization", Batch),
        ("LayerNormalization", LayerNorm),
        (Fusions.LayerNorm, LayerNorm),
        ("InstanceNormalization", Instance),
    ];

    private static ImportedValue[] Batch(OnnxImport import, OnnxNode node)
    {
        if (node.Integer("training_mode", 0) != 0)
            throw OnnxImport.Refuse(node, "a network in evaluation mode was expected");
        var found = import.Read(node, import.View(node, 0), 1);
        var channels = found.Source.Image.Channels;
        ImportedConstant[] constants = [.. Enumerable.Range(1, 4).Select(i => import.Constant(node, i))];
        if (Array.Exists(constants, c => c.Count != channels))
            throw OnnxImport.Refuse(node, $"scale, shift, mean and variance of {channels} channels were expected");
        var name = import.Name(node, constants[0].Name);
        // PyTorch's momentum is the weight of the new batch, ONNX's that of the old statistics.
        var momentum = Math.Round(1 - (double)node.Float("momentum", 0.9f), 6);
        var layer =
            new BatchNormLayer(name, [found.Source.Name], channels, Decimal(node.Float("epsilon", 1e-5f)), momentum);
        return
        [
            found.Of(
                import.Add(layer, [.. layer.Parameters.Zip(constants, (p, c) => (p.Name, c.Value.reshape(channels)))])),
        ];
    }

    private static ImportedValue[] LayerNorm(OnnxImport import, OnnxNode node)
    {
        var view = import.View(node, 0);
        var axis = Movement.Axis(node, node.Integer("axis", -1), view.Shape.Length);
        // The operator normalizes over all dimensions from this one on, the fusion only over this one.
        if (node.Operator != Fusions.LayerNorm && view.Shape[(axis + 1)..].Any(size => size != 1))
            throw OnnxImport.Refuse(node, "normalization over channels alone was expected");
        var found = import.Read(node, view, axis);
        var channels = found.Source.Image.Channels;
        var (scale, shift) = (import.Optional(node, 1), import.Optional(node, 2));
        if (scale is not null && scale.Count != channels || shift is not null && shift.Count != channels)
            throw OnnxImport.Refuse(node, $"a scale and a shift of {channels} channels were expected");
        var name = import.Name(node, scale?.Name);
        var layer = new LayerNormLayer(name, [found.Source.Name], channels, Decimal(node.Float("epsilon", 1e-5f)));
        return
        [
            found.Of(
                import.Add(
                    layer,
                    (name + ".weight", scale?.Value.reshape(channels) ?? ones(channels, dtype: float32)),
                    (name + ".bias", shift?.Value.reshape(channels) ?? zeros(channels, dtype: float32)))),
        ];
    }

    /// <summary>
    /// Normalizes each of several groups of channels; files express group normalization with this operator.
    /// </summary>
    private static ImportedValue[] Instance(OnnxImport import, OnnxNode node)
    {
        var view = import.View(node, 0);
        var (scale, shift) = (import.Constant(node, 1), import.Constant(node, 2));
        if (view.Source is not LayerSource source || view.Factor != 1 || source.IsInput || !view.IsInOrder
            || view.Shape.Length < 3 || view.Shape[0] != source.Images)
        {
            throw OnnxImport.Refuse(node, "all channels of a layer, in order, were expected");
        }
        var (channels, groups) = (source.Image.Channels, (int)view.Shape[1]);
        if (channels % groups != 0 || scale.Count != groups || shift.Count != groups)
        {
            throw OnnxImport.Refuse(
                node,
                $"a number of groups that divides {channels} channels was expected, with a scale and a shift for each");
        }
        var name = import.Name(node, scale.Name);
        var layer = new GroupNormLayer(name, [source.Name], channels, groups, Decimal(node.Float("epsilon", 1e-5f)));
        return
        [
            new ImportedView(
                import.Add(layer, (name + ".weight", OfChannels(scale)), (name + ".bias", OfChannels(shift))),
                view.Shape),
        ];

        Tensor OfChannels(ImportedConstant constant) =>
            constant.Value.reshape(groups, 1).expand(groups, channels / groups).reshape(channels);
    }

    /// <summary>Converts a float to the shortest decimal number: 1E-05, not 9.99999974737875E-06.</summary>
    private static double Decimal(float value) =>
        double.Parse(
            value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture);
}
