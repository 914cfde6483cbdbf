using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>Average pooling to a given output size: [N,C,H,W] to [N,C,Height,Width].</summary>
internal sealed record AdaptiveAveragePoolLayer(string Name, IReadOnlyList<string> Inputs, int Height, int Width)
    : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(Height >= 1 && Width >= 1, "a height and a width of at least 1");
        return new(Single(inputs).Channels, Height, Width);
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer)
    {
        var (height, width) = (layer.InputShape.Height, layer.InputShape.Width);
        if (height % Height == 0 && width % Width == 0)
        {
            long[] window = [height / Height, width / Width];
            return layer.Node(
                "AveragePool",
                [layer.Image],
                OnnxAttribute.Of("kernel_shape", window),
                OnnxAttribute.Of("strides", window));
        }
        // ONNX pools cannot have windows of unequal size, so two matrix products compute the means.
        var rows = layer.Node("MatMul", [layer.Floats(Means(Height, height), Height, height), layer.Image]);
        return layer.Node("MatMul", [rows, layer.Floats(Transposed(Means(Width, width), Width), width, Width)]);
    }

    /// <summary>
    /// Row i has 1 / length in window i, from floor(i * size / windows) to ceil((i + 1) * size / windows).
    /// </summary>
    internal static float[] Means(int windows, int size)
    {
        var means = new float[windows * size];
        for (var i = 0; i < windows; i++)
        {
            var (from, to) = (i * size / windows, ((i + 1) * size + windows - 1) / windows);
            means.AsSpan(i * size + from, to - from).Fill(1f / (to - from));
        }
        return means;
    }

    private static float[] Transposed(float[] matrix, int rows)
    {
        var columns = matrix.Length / rows;
        return [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % rows * columns + i / rows])];
    }

    internal override torch.Tensor Forward(LayerContext context) =>
        torch.nn.functional.adaptive_avg_pool2d(context.Input, [Height, Width]);
}
