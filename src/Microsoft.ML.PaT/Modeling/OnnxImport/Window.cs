using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>The window of a convolution or pool as an ONNX node describes it.</summary>
/// <param name="Height">Rows of the kernel.</param>
/// <param name="Width">Columns of the kernel.</param>
/// <param name="Stride">Step, in pixels.</param>
/// <param name="Dilation">Step within the kernel, in pixels.</param>
/// <param name="Top">Pixels added above the input, and so on.</param>
/// <param name="Left">Pixels added to the left.</param>
/// <param name="Bottom">Pixels added below.</param>
/// <param name="Right">Pixels added to the right.</param>
internal readonly record struct Window(int Height, int Width, int Stride, int Dilation, int Top, int Left, int Bottom, int Right)
{
    /// <summary>Whether opposite sides are padded alike.</summary>
    public bool IsSymmetric => Top == Bottom && Left == Right;

    /// <summary>Reads the attributes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="kernel">Rows and columns of the kernel, where the weights say them.</param>
    /// <exception cref="InvalidFileException">It is not two-dimensional, or strides or dilations differ between rows and columns.</exception>
    public static Window Of(OnnxNode node, ImageShape input, long[]? kernel = null)
    {
        var size = node.Integers("kernel_shape") ?? kernel ?? throw OnnxImport.Refuse(node, "'kernel_shape' was expected");
        var (strides, dilations) = (node.Integers("strides") ?? [1, 1], node.Integers("dilations") ?? [1, 1]);
        if (size.Length != 2 || strides.Length != 2 || dilations.Length != 2) throw OnnxImport.Refuse(node, "a two-dimensional window was expected");
        var stride = One(node, "strides", strides, size[0] == input.Height && size[1] == input.Width);
        var dilation = One(node, "dilations", dilations, false);
        if (size[0] < 1 || size[1] < 1 || stride < 1 || dilation < 1) throw OnnxImport.Refuse(node, "a kernel, a stride and a dilation of at least 1 were expected");
        var pads = node.Integers("pads") ?? [0, 0, 0, 0];
        if (pads.Length != 4 || Array.Exists(pads, p => p is < 0 or > 1 << 16)) throw OnnxImport.Refuse(node, $"'pads' of four numbers from 0 on were expected, not [{string.Join(',', pads)}]");
        if (node.Text("auto_pad") is "SAME_UPPER" or "SAME_LOWER") pads = Same(node, input, size, stride, dilation);
        else if (node.Text("auto_pad") == "VALID") pads = [0, 0, 0, 0];
        return new((int)size[0], (int)size[1], stride, dilation, (int)pads[0], (int)pads[1], (int)pads[2], (int)pads[3]);
    }

    /// <summary>Padding that makes the output as large as the input over the stride: the odd pixel comes last, or first.</summary>
    private static long[] Same(OnnxNode node, ImageShape input, long[] size, int stride, int dilation)
    {
        var (rows, columns) = (Total(input.Height, size[0]), Total(input.Width, size[1]));
        return node.Text("auto_pad") == "SAME_UPPER"
            ? [rows / 2, columns / 2, rows - rows / 2, columns - columns / 2]
            : [rows - rows / 2, columns - columns / 2, rows / 2, columns / 2];

        long Total(int extent, long kernel) => Math.Max(0, ((extent + stride - 1) / stride - 1) * stride + (kernel - 1) * dilation + 1 - extent);
    }

    private static int One(OnnxNode node, string name, long[] values, bool anyWill) => anyWill || values[0] == values[1]
        ? checked((int)values[0])
        : throw OnnxImport.Refuse(node, $"'{name}' were expected to be the same for rows and columns, not [{string.Join(',', values)}]");
}
