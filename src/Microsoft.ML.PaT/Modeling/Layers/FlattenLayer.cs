using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Flattens to a vector in channel order: [N,C,H,W] to [N,C*H*W,1,1]. The H*W values of a channel are kept or removed
/// together.
/// </summary>
internal sealed record FlattenLayer(string Name, IReadOnlyList<string> Inputs) : Layer(Name, Inputs)
{
    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        return new(checked(input.Channels * input.Height * input.Width), 1, 1);
    }

    internal override void Flow(ChannelGraph flow)
    {
        var shape = flow.Definition.OutputShape(Inputs[0]);
        flow.Pass([.. flow.Input(0).SelectMany(c => Enumerable.Repeat(c, shape.Height * shape.Width))]);
    }

    internal override OnnxValue Export(OnnxLayer layer) => layer.Vector;

    internal override torch.Tensor Forward(LayerContext context) =>
        context.Input.reshape(context.Input.shape[0], -1, 1, 1);
}
