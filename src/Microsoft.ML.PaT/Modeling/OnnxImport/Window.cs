using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>Window of a convolution or pool.</summary>
/// <param name="Stride">Stride in pixels.</param>
/// <param name="Dilation">Dilation in pixels.</param>
/// <param name="Top">Padding above, in pixels.</param>
/// <param name="Left">Padding on the left, in pixels.</param>
/// <param name="Bottom">Padding below, in pixels.</param>
/// <param name="Right">Padding on the right, in pixels.</param>
internal readonly record struct Window(
    int Height, int Width, int Stride, int Dilation, int Top, int Left, int Bottom, int Right)
{
    /// <summary>Whether opposite sides have the same padding.</summary>
    public bool IsSymmetric => Top == Bottom && Left == Right;

    /// <param name="kernel">Kernel rows and columns if the weights determine them.</param>
    /// <exception cref="InvalidFileException">The window is not two-dimensional, or strides or dilations differ
    /// between rows and columns.</exception>
    public static Window Of(OnnxNode node, ImageShape input, long[]? kernel = null)
    {
        var size =
            node.Integers("kernel_shape") ?? kernel ?? throw OnnxImport.Refuse(node, "'kernel_shape' was expected");
        var (strides, dilations) = (node.Integers("strides") ?? [1, 1], node.Integers("dilations") ?? [1, 1]);
        if (size.Length != 2 || strides.Length != 2 || dilations.Length != 2)
            throw OnnxImport.Refuse(node, "a two-dimensional window was expected");
        var padding = node.Text("auto_pad");
        var isSame = padding is "SAME_UPPER" or "SAME_LOWER";
        var pads = padding == "VALID" ? [0, 0, 0, 0] : node.Integers("pads") ?? [0, 0, 0, 0];
        // A kernel of the image's size has one window, whatever the strides, if there is no padding.
        var isWhole =
            !isSame && Array.TrueForAll(pads, p => p == 0) && size[0] == input.Height && size[1] == input.Width;
        var stride = One(node, "strides", strides, isWhole);
        var dilation = One(node, "dilations", dilations, false);
        if (size[0] < 1 || size[1] < 1 || stride < 1 || dilation < 1)
            throw OnnxImport.Refuse(node, "a kernel, a stride and a dilation of at least 1 were expected");
        if (pads.Length != 4 || Array.Exists(pads, p => p is < 0 or > 1 << 16))
        {
            throw OnnxImport.Refuse(
                node, $"'pads' of four numbers from 0 on were expected, not [{string.Join(',', pads)}]");
        }
        if (isSame) pads = Same(node, input, size, stride, dilation);
        return new(
            checked((int)size[0]),
            checked((int)size[1]),
            stride,
            dilation,
            (int)pads[0],
            (int)pads[1],
            (int)pads[2],
            (int)pads[3]);
    }

    /// <summary>
    /// Padding for an output size of input / stride, rounded up. An odd pixel is added at the end, or at the start for
    /// SAME_LOWER.
    /// </summary>
    private static long[] Same(OnnxNode node, ImageShape input, long[] size, int stride, int dilation)
    {
        var (rows, columns) = (Total(input.Height, size[0]), Total(input.Width, size[1]));
        return node.Text("auto_pad") == "SAME_UPPER"
            ? [rows / 2, columns / 2, rows - rows / 2, columns - columns / 2]
            : [rows - rows / 2, columns - columns / 2, rows / 2, columns / 2];

        long Total(int extent, long kernel) =>
            Math.Max(0, ((extent + stride - 1) / stride - 1) * stride + (kernel - 1) * dilation + 1 - extent);
    }

    private static int One(OnnxNode node, string name, long[] values, bool anyWill) =>
        anyWill || values[0] == values[1]
            ? checked((int)values[0])
            : throw OnnxImport.Refuse(
                node, $"'{name}' were expected to be the same for rows and columns, not [{string.Join(',', values)}]");
}
