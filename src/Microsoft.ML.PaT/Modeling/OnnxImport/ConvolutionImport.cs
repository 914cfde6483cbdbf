using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Imports Conv as a <see cref="ConvolutionLayer"/>, after a zero-padding layer if opposite sides have different
/// padding, or more than the kernel covers.
/// </summary>
internal static class ConvolutionImport
{
    public static IEnumerable<(string Operator, Func<OnnxImport, OnnxNode, ImportedValue[]> Import)> Operators =>
        [("Conv", Convolution)];

    private static ImportedValue[] Convolution(OnnxImport import, OnnxNode node)
    {
        var (weight, bias) = (import.Constant(node, 1), import.Optional(node, 2));
        if (weight.Shape.Length != 4)
        {
            throw OnnxImport.Refuse(
                node, $"a weight of four dimensions was expected, not [{string.Join(',', weight.Shape)}]");
        }
        var input = import.ReadImages(node, import.View(node, 0));
        var window = Window.Of(node, input.Image, weight.Shape[2..]);
        if (window.Height != weight.Shape[2] || window.Width != weight.Shape[3])
            throw OnnxImport.Refuse(node, "'kernel_shape' was expected to be that of the weight");
        var exceeds = window.Top >= window.Height * window.Dilation || window.Left >= window.Width * window.Dilation;
        if (!window.IsSymmetric || exceeds)
        {
            (input, window) = (
                Padding.Around(import, node, input, window, 0),
                window with { Top = 0, Left = 0, Bottom = 0, Right = 0 });
        }
        var name = import.Name(node, weight.Name);
        var groups = node.Integer("group", 1);
        if (groups < 1 || groups > input.Image.Channels || weight.Shape[1] * groups != input.Image.Channels
            || bias is not null && bias.Count != weight.Shape[0])
        {
            throw OnnxImport.Refuse(
                node,
                $"a weight for {input.Image.Channels} channels in {groups} groups and a bias per channel were "
                    + $"expected, not [{string.Join(',', weight.Shape)}]");
        }
        var layer = new ConvolutionLayer(
            name,
            [input.Name],
            input.Image.Channels,
            (int)weight.Shape[0],
            window.Height,
            window.Stride,
            window.Top,
            bias is not null,
            (int)groups,
            window.Dilation,
            window.Width == window.Height && window.Left == window.Top ? null : window.Width,
            window.Left == window.Top && window.Width == window.Height ? null : window.Left);
        var made = bias is null
            ? import.Add(layer, (name + ".weight", weight.Value))
            : import.Add(layer, (name + ".weight", weight.Value), (name + ".bias", bias.Value));
        return [new ImportedView(made, [made.Images, made.Image.Channels, made.Image.Height, made.Image.Width])];
    }
}
