using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>Mean over all pixels: [N,C,H,W] to [N,C,1,1].</summary>
internal sealed record GlobalAveragePoolLayer(string Name, IReadOnlyList<string> Inputs) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs) => new(Single(inputs).Channels, 1, 1);

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer) => layer.Node("GlobalAveragePool", [layer.Image]);

    internal override torch.Tensor Forward(LayerContext context) => context.Input.mean([2, 3], keepdim: true);
}
