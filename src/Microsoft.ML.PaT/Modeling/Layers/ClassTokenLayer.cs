using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Pixels as a row of tokens, preceded by a learned class token: [N,C,H,W] to [N,C,1,1+H*W] (Dosovitskiy et al., ICLR
/// 2021). The tensor, [1,1,C], has the layer's name.
/// </summary>
internal sealed record ClassTokenLayer(string Name, IReadOnlyList<string> Inputs, int Channels) : Layer(Name, Inputs)
{
    internal override IEnumerable<ParameterSpec> Parameters => [new(Name, [1, 1, Channels], ParameterRole.ClassToken)];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs, Channels);
        return new(Channels, 1, checked(1 + input.Height * input.Width));
    }

    internal override void Flow(ChannelGraph flow)
    {
        var channels = flow.Input(0);
        flow.Own(Name, 2, channels);
        flow.Pass(channels);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { Channels = Count(output) };

    // The batch size is open, so the token is not repeated but added to a zero before the pixels.
    internal override OnnxValue Export(OnnxLayer layer)
    {
        long pixels = layer.OutputShape.Width - 1;
        var row = layer.Node(
            "Pad", [layer.Reshaped(layer.Image, 0, Channels, 1, -1), layer.Integers(0, 0, 0, 1, 0, 0, 0, 0)]);
        var token = layer.Node(
            "Pad",
            [layer.Reshaped(layer.Parameter(Name), 1, Channels, 1, 1), layer.Integers(0, 0, 0, 0, 0, 0, 0, pixels)]);
        return layer.Node("Add", [row, token]);
    }

    // The channels of a token are adjacent in memory, as linear layers and layer-norms require.
    internal override torch.Tensor Forward(LayerContext context)
    {
        var images = context.Input.shape[0];
        using var last = context.Input.permute(0, 2, 3, 1);
        using var pixels = last.reshape(images, 1, -1, Channels);
        using var token = context[Name].view(1, 1, 1, Channels);
        using var first = token.expand(images, 1, 1, Channels);
        using var tokens = torch.cat([first, pixels], 2);
        return tokens.permute(0, 3, 1, 2);
    }
}
