using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Learned factor per channel: [N,C,H,W] times [C,1,1] (layer scale of Touvron et al., ICCV 2021). It is initialized
/// near 0, so that a residual block starts as its shortcut. The tensor has the layer's name.
/// </summary>
internal sealed record ScaleLayer(string Name, IReadOnlyList<string> Inputs, int Channels) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override IEnumerable<ParameterSpec> Parameters => [new(Name, [Channels, 1, 1], ParameterRole.LayerScale)];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs) => Single(inputs, Channels);

    internal override void Flow(ChannelGraph flow)
    {
        var channels = flow.Input(0);
        flow.Own(Name, 0, channels);
        flow.Pass(channels);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { Channels = Count(output) };

    internal override OnnxValue Export(OnnxLayer layer) => layer.Node("Mul", [layer.Image, layer.Parameter(Name)]);

    internal override torch.Tensor Forward(LayerContext context) => context.Input.mul(context[Name]);
}
