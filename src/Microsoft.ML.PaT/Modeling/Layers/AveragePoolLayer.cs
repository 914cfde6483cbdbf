using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Average pooling with a square kernel. Padding counts as zeros unless ExcludePadding is true; it is at most half the
/// kernel.
/// </summary>
internal sealed record AveragePoolLayer(
    string Name, IReadOnlyList<string> Inputs, int Kernel, int Stride, int Padding = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ExcludePadding = false)
    : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        Require(
            Kernel >= 1 && Stride >= 1 && Padding >= 0 && Padding <= Kernel / 2,
            "a kernel and a stride of at least 1 and a padding of 0 to half the kernel");
        return Slide(input, input.Channels, Kernel, Stride, Padding);
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer) =>
        layer.Node(
            "AveragePool",
            [layer.Image],
            [
                .. OnnxAttribute.Window(Kernel, Stride, Padding),
                OnnxAttribute.Of("count_include_pad", ExcludePadding ? 0 : 1),
            ]);

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var pool = torch.nn.AvgPool2d(Kernel, Stride, Padding, count_include_pad: !ExcludePadding);
        return pool.call(context.Input);
    }
}
