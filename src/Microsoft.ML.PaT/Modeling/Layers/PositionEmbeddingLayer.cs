using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Learned position embedding: [N,C,1,L] plus [1,L,C], the tensor of the layer's name. It requires a fixed number of
/// tokens L, and so a fixed image size.
/// </summary>
internal sealed record PositionEmbeddingLayer(string Name, IReadOnlyList<string> Inputs, int Channels, int Tokens)
    : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override IEnumerable<ParameterSpec> Parameters =>
        [new(Name, [1, Tokens, Channels], ParameterRole.PositionEmbedding)];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs, Channels);
        return input.Height == 1 && input.Width == Tokens
            ? input
            : throw new InvalidOptionsException(
                ErrorCodes.ImageSizeUnfit,
                $"Layer '{Name}' has positions for {Tokens} tokens in a row, but '{Inputs[0]}' gives {input}; a "
                    + "position embedding fits one size of images.");
    }

    internal override void Flow(ChannelGraph flow)
    {
        var channels = flow.Input(0);
        flow.Own(Name, 2, channels);
        flow.Pass(channels);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { Channels = Count(output) };

    internal override OnnxValue Export(OnnxLayer layer) =>
        layer.Node(
            "Add",
            [layer.Image, layer.Reshaped(layer.Transposed(layer.Parameter(Name), 0, 2, 1), 1, Channels, 1, Tokens)]);

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var tokens = context[Name].view(1, 1, Tokens, Channels);
        using var positions = tokens.permute(0, 3, 1, 2);
        return context.Input.Plus(positions);
    }
}
