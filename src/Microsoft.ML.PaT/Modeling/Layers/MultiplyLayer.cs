using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Product of an image [N,C,H,W] and one factor per channel [N,C,1,1] (squeeze-and-excitation), or of two inputs of the
/// same shape. Couples the channels of both inputs.
/// </summary>
internal sealed record MultiplyLayer(string Name, IReadOnlyList<string> Inputs) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs) => inputs switch
    {
        [var one, var other] when one == other || other == new ImageShape(one.Channels, 1, 1) => one,
        [var one, var other] => throw new InvalidOptionsException(
            ErrorCodes.LayerInvalid,
            $"Layer '{Name}' multiplies {one} of '{Inputs[0]}' by {other} of '{Inputs[1]}'; the second must have "
                + "the same shape, or one value per channel."),
        _ => throw new InvalidOptionsException(
            ErrorCodes.LayerInvalid,
            $"Layer '{Name}' multiplies two inputs and names {inputs.Count}."),
    };

    internal override void Flow(ChannelGraph flow)
    {
        var channels = flow.Input(0);
        flow.Couple(channels, flow.Input(1));
        flow.Pass(channels);
    }

    internal override OnnxValue Export(OnnxLayer layer) => layer.Node("Mul", layer.Inputs);

    internal override torch.Tensor Forward(LayerContext context) => context.Inputs[0].mul(context.Inputs[1]);
}
