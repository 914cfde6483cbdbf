using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Sum of two inputs of the same shape, as at the end of a residual block. Couples the channels of both inputs.
/// </summary>
internal sealed record AddLayer(string Name, IReadOnlyList<string> Inputs) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs) => inputs switch
    {
        [var one, var other] when one == other => one,
        [var one, var other] => throw new InvalidOptionsException(
            ErrorCodes.LayerInvalid,
            $"Layer '{Name}' adds {one} of '{Inputs[0]}' to {other} of '{Inputs[1]}'; both must have the same "
                + "shape."),
        _ => throw new InvalidOptionsException(
            ErrorCodes.LayerInvalid,
            $"Layer '{Name}' adds two inputs and names {inputs.Count}."),
    };

    internal override void Flow(ChannelGraph flow)
    {
        var channels = flow.Input(0);
        flow.Couple(channels, flow.Input(1));
        flow.Pass(channels);
    }

    internal override OnnxValue Export(OnnxLayer layer) => layer.Node("Add", layer.Inputs);

    internal override torch.Tensor Forward(LayerContext context) => context.InPlace
        ? context.Inputs[0].Plus_(context.Inputs[1])
        : context.Inputs[0].Plus(context.Inputs[1]);
}
