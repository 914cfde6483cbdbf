using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Layer normalization over the channels of every pixel or token of [N,C,H,W] (Ba et al., 2016), with a scale and a
/// shift per channel. After pruning, it normalizes over the kept channels.
/// </summary>
internal sealed record LayerNormLayer(string Name, IReadOnlyList<string> Inputs, int Channels, double Epsilon = 1e-5)
    : Layer(Name, Inputs)
{
    private string Scale => Name + ".weight";

    private string Shift => Name + ".bias";

    internal override IEnumerable<ParameterSpec> Parameters =>
    [
        new(Scale, [Channels], ParameterRole.NormScale),
        new(Shift, [Channels], ParameterRole.NormShift),
    ];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs) => Single(inputs, Channels);

    internal override void Flow(ChannelGraph flow)
    {
        var channels = flow.Input(0);
        flow.Own(Scale, 0, channels);
        flow.Own(Shift, 0, channels);
        flow.Pass(channels);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { Channels = Count(output) };

    internal override OnnxValue Export(OnnxLayer layer)
    {
        if (layer.Input.IsVector) return Normalized(layer.Input);
        return layer.Transposed(Normalized(layer.Transposed(layer.Image, 0, 2, 3, 1)), 0, 3, 1, 2);

        OnnxValue Normalized(OnnxValue last) =>
            layer.Node(
                "LayerNormalization",
                [last, layer.Parameter(Scale), layer.Parameter(Shift)],
                OnnxAttribute.Of("axis", -1),
                OnnxAttribute.Of("epsilon", (float)Epsilon));
    }

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var last = context.Input.permute(0, 2, 3, 1);
        using var result = context.Mask is { } mask
            ? MaskedNorm.Over(last, mask.permute(0, 2, 3, 1), [3], Epsilon, context[Scale], context[Shift])
            : torch.nn.functional.layer_norm(last, [Channels], context[Scale], context[Shift], Epsilon);
        return result.permute(0, 3, 1, 2);
    }
}
