using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>The largest value under a square kernel, channel by channel.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Inputs">The one input.</param>
/// <param name="Kernel">Height and width of the kernel, in pixels.</param>
/// <param name="Stride">Step, in pixels.</param>
/// <param name="Padding">Pixels around the input that never win, at most half the kernel.</param>
/// <param name="RoundUp">Whether a last window that hangs over the edge counts.</param>
internal sealed record MaxPoolLayer(string Name, IReadOnlyList<string> Inputs, int Kernel, int Stride, int Padding = 0, bool RoundUp = false) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        Require(Kernel >= 1 && Stride >= 1 && Padding >= 0 && Padding <= Kernel / 2, "a kernel and a stride of at least 1 and a padding of 0 to half the kernel");
        return Slide(input, input.Channels, Kernel, Stride, Padding, roundUp: RoundUp);
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer)
    {
        // Rounding up is written as padding at the end: runtimes have not always agreed on ceil_mode.
        long[] pads = [Padding, Padding, End(layer.InputShape.Height, layer.OutputShape.Height), End(layer.InputShape.Width, layer.OutputShape.Width)];
        return layer.Node("MaxPool", [layer.Image], OnnxAttribute.Of("kernel_shape", [Kernel, Kernel]), OnnxAttribute.Of("strides", [Stride, Stride]), OnnxAttribute.Of("pads", pads));

        long End(int size, int windows) => Math.Max(0, (windows - 1L) * Stride + Kernel - size - Padding);
    }

    internal override torch.Tensor Forward(LayerContext context) => torch.nn.functional.max_pool2d(context.Input, [Kernel, Kernel], [Stride, Stride], [Padding, Padding], ceil_mode: RoundUp);
}
