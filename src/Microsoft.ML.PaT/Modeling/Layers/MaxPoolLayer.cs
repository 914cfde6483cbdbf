using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Max pooling with a square kernel. The padding is at most half the kernel. With RoundUp, a last window that extends
/// over the edge counts.
/// </summary>
internal sealed record MaxPoolLayer(
    string Name,
    IReadOnlyList<string> Inputs,
    int Kernel,
    int Stride,
    int Padding = 0,
    bool RoundUp = false) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        Require(
            Kernel >= 1 && Stride >= 1 && Padding >= 0 && Padding <= Kernel / 2,
            "a kernel and a stride of at least 1 and a padding of 0 to half the kernel");
        return Slide(input, input.Channels, Kernel, Stride, Padding, roundUp: RoundUp);
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer)
    {
        // Rounding up is exported as padding at the end, because runtimes interpret ceil_mode differently.
        long[] pads =
        [
            Padding, Padding,
            End(layer.InputShape.Height, layer.OutputShape.Height),
            End(layer.InputShape.Width, layer.OutputShape.Width),
        ];
        return layer.Node(
            "MaxPool",
            [layer.Image],
            OnnxAttribute.Of("kernel_shape", [Kernel, Kernel]),
            OnnxAttribute.Of("strides", [Stride, Stride]),
            OnnxAttribute.Of("pads", pads));

        long End(int size, int windows) => Math.Max(0, (windows - 1L) * Stride + Kernel - size - Padding);
    }

    internal override torch.Tensor Forward(LayerContext context) =>
        torch.nn.functional.max_pool2d(
            context.Input, [Kernel, Kernel], [Stride, Stride], [Padding, Padding], ceil_mode: RoundUp);
}
