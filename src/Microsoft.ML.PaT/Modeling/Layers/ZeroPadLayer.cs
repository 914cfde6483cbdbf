using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Shortcut without parameters (option A of He et al., CVPR 2016): every Stride-th pixel, with Before zero channels
/// before and After zero channels after those of the input. The input's channels are coupled between stages; a zero
/// channel belongs to the channel to which it is added.
/// </summary>
internal sealed record ZeroPadLayer(string Name, IReadOnlyList<string> Inputs, int Before, int After, int Stride)
    : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        Require(
            Before >= 0 && After >= 0 && Stride >= 1,
            "at least 0 channels of zeros on either side and a stride of at least 1");
        return new(
            checked(Before + input.Channels + After), (input.Height - 1) / Stride + 1, (input.Width - 1) / Stride + 1);
    }

    internal override void Flow(ChannelGraph flow) =>
        flow.Pass([.. flow.Zeros(Before), .. flow.Input(0), .. flow.Zeros(After)]);

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { Before = Count(output[..Before]), After = Count(output[^After..]) };

    internal override OnnxValue Export(OnnxLayer layer)
    {
        const long all = long.MaxValue, rows = 2, columns = 3;
        var pixels =
            Stride == 1
                ? layer.Image
                : layer.Node(
                    "Slice",
                    [
                        layer.Image,
                        layer.Integers([0L, 0L]),
                        layer.Integers([all, all]),
                        layer.Integers([rows, columns]),
                        layer.Integers([(long)Stride, Stride]),
                    ]);
        return layer.Node("Pad", [pixels, layer.Integers([0L, Before, 0L, 0L, 0L, After, 0L, 0L]), layer.Scalar(0)]);
    }

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var rows = context.Input.slice(2, 0, context.Input.shape[2], Stride);
        using var pixels = rows.slice(3, 0, rows.shape[3], Stride);
        return torch.nn.functional.pad(pixels, [0, 0, 0, 0, Before, After]);
    }
}
