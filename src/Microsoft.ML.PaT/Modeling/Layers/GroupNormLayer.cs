using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Group normalization of [N,C,H,W] over all pixels of each of several equal groups of channels (Wu and He, ECCV 2018),
/// with a scale and a shift per channel. Channels at the same place in every group are kept or removed together, so
/// that the groups stay equal; with as many groups as channels, each is independent.
/// </summary>
internal sealed record GroupNormLayer(
    string Name, IReadOnlyList<string> Inputs, int Channels, int Groups, double Epsilon = 1e-5) : Layer(Name, Inputs)
{
    private string Scale => Name + ".weight";

    private string Shift => Name + ".bias";

    private bool OneEach => Groups == Channels;

    internal override bool OutputMayBeOverwritten => true;

    internal override IEnumerable<ParameterSpec> Parameters =>
    [
        new(Scale, [Channels], ParameterRole.NormScale),
        new(Shift, [Channels], ParameterRole.NormShift),
    ];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(
            Groups >= 1 && Channels % Groups == 0,
            $"a number of groups that divides its {Channels} channels, not {Groups}");
        return Single(inputs, Channels);
    }

    internal override void Flow(ChannelGraph flow)
    {
        var channels = flow.Input(0);
        if (!OneEach) flow.CoupleParts(channels, Groups);
        flow.Own(Scale, 0, channels);
        flow.Own(Shift, 0, channels);
        flow.Pass(channels);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output)
    {
        var stay = Count(output);
        return this with { Channels = stay, Groups = OneEach ? stay : Groups };
    }

    // The operator set has no group-norm, but instance-norm, for which each group is exported as one channel.
    internal override OnnxValue Export(OnnxLayer layer)
    {
        var (ones, zeros) = (new float[Groups], new float[Groups]);
        Array.Fill(ones, 1);
        OnnxValue[] values =
            [layer.Reshaped(layer.Image, 0, Groups, -1), layer.Floats(ones, Groups), layer.Floats(zeros, Groups)];
        var parts = layer.Node("InstanceNormalization", values, OnnxAttribute.Of("epsilon", (float)Epsilon));
        var shape = layer.OutputShape;
        var scaled = layer.Node(
            "Mul",
            [
                layer.Reshaped(parts, 0, Channels, shape.Height, shape.Width),
                layer.Reshaped(layer.Parameter(Scale), Channels, 1, 1),
            ]);
        return layer.Node("Add", [scaled, layer.Reshaped(layer.Parameter(Shift), Channels, 1, 1)]);
    }

    internal override torch.Tensor Forward(LayerContext context)
    {
        if (context.Mask is not { } mask)
            return torch.nn.functional.group_norm(context.Input, Groups, context[Scale], context[Shift], Epsilon);
        long[] shape = [1, Groups, Channels / Groups, 1, 1];
        using var parts =
            context.Input.reshape(-1, Groups, Channels / Groups, context.Input.shape[2], context.Input.shape[3]);
        using var result = MaskedNorm.Over(
            parts, mask.view(shape), [2, 3, 4], Epsilon, context[Scale].view(shape), context[Shift].view(shape));
        return result.reshape(context.Input.shape);
    }
}
