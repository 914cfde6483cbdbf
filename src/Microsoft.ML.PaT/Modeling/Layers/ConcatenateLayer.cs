using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>Concatenation of channels: [N,C1,H,W], [N,C2,H,W], ... to [N,C1+C2+...,H,W].</summary>
internal sealed record ConcatenateLayer(string Name, IReadOnlyList<string> Inputs) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(inputs.Count > 0, "at least one input");
        var first = inputs[0];
        for (var i = 1; i < inputs.Count; i++)
        {
            if (inputs[i].Height != first.Height || inputs[i].Width != first.Width)
            {
                throw new InvalidOptionsException(
                    ErrorCodes.LayerInvalid,
                    $"Layer '{Name}' joins {first} of '{Inputs[0]}' and {inputs[i]} of '{Inputs[i]}'; all must have "
                        + "the same height and width.");
            }
        }
        return first with { Channels = checked(inputs.Sum(i => i.Channels)) };
    }

    internal override void Flow(ChannelGraph flow) =>
        flow.Pass([.. Enumerable.Range(0, Inputs.Count).SelectMany(flow.Input)]);

    internal override OnnxValue Export(OnnxLayer layer) =>
        layer.Node("Concat", layer.Inputs, OnnxAttribute.Of("axis", 1));

    internal override torch.Tensor Forward(LayerContext context) => torch.cat([.. context.Inputs], 1);
}
