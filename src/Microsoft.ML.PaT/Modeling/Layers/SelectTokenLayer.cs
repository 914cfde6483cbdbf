using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>One token as a vector: [N,C,1,L] to [N,C,1,1]. The class token has index 0.</summary>
internal sealed record SelectTokenLayer(string Name, IReadOnlyList<string> Inputs, int Token) : Layer(Name, Inputs)
{
    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        Require(
            input.Height == 1 && Token >= 0 && Token < input.Width,
            $"tokens in a row, [C,1,L], and the number of one of them; '{Inputs[0]}' gives {input}");
        return input with { Width = 1 };
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer) => layer.Slice(layer.Image, dimension: 3, Token, Token + 1L);

    internal override torch.Tensor Forward(LayerContext context) => context.Input.narrow(3, Token, 1);
}
