using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Border of constant pixels: [N,C,H,W] to [N,C,Top+H+Bottom,Left+W+Right]. Used for asymmetric padding.
/// </summary>
internal sealed record PixelPadLayer(
    string Name,
    IReadOnlyList<string> Inputs,
    int Top,
    int Left,
    int Bottom,
    int Right,
    float Value = 0) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        Require(
            Top >= 0 && Left >= 0 && Bottom >= 0 && Right >= 0 && float.IsFinite(Value),
            "at least 0 pixels on every side and a finite value");
        return input with
        {
            Height = checked(Top + input.Height + Bottom),
            Width = checked(Left + input.Width + Right),
        };
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer) =>
        layer.Node("Pad", [layer.Image, layer.Integers(0, 0, Top, Left, 0, 0, Bottom, Right), layer.Scalar(Value)]);

    internal override torch.Tensor Forward(LayerContext context) =>
        torch.nn.functional.pad(context.Input, [Left, Right, Top, Bottom], TorchSharp.PaddingModes.Constant, Value);
}
