using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Fully connected layer, [N,In,1,1] to [N,Out,1,1]. On pixels or tokens, [N,In,H,W] to [N,Out,H,W], it is applied to
/// each separately.
/// </summary>
internal sealed record LinearLayer(string Name, IReadOnlyList<string> Inputs, int In, int Out) : Layer(Name, Inputs)
{
    private string Weight => Name + ".weight";

    private string Bias => Name + ".bias";

    internal override IEnumerable<ParameterSpec> Parameters =>
    [
        new(Weight, [Out, In], ParameterRole.Weight),
        new(Bias, [Out], ParameterRole.Bias),
    ];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(In >= 1 && Out >= 1, "at least one channel in and out");
        return Single(inputs, In) with { Channels = Out };
    }

    internal override long MultiplyAccumulates(ImageShape output) => (long)In * Out * output.Height * output.Width;

    internal override void Flow(ChannelGraph flow)
    {
        var input = flow.Input(0);
        var output = flow.Produce(Out);
        flow.Own(Weight, 0, output);
        flow.Own(Weight, 1, input);
        flow.Own(Bias, 0, output);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { In = Count(inputs[0]), Out = Count(output) };

    // On pixels, it is a 1x1 convolution.
    internal override OnnxValue Export(OnnxLayer layer) => layer.InputShape is { Height: 1, Width: 1 }
            ? layer.Node(
                "Gemm", [layer.Vector, layer.Parameter(Weight), layer.Parameter(Bias)], OnnxAttribute.Of("transB", 1))
            : layer.Node(
                "Conv",
                [layer.Image, layer.Reshaped(layer.Parameter(Weight), Out, In, 1, 1), layer.Parameter(Bias)],
                OnnxAttribute.Window(1, 1, 0));

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var last = context.Input.permute(0, 2, 3, 1);
        using var vectors = last.reshape(-1, In);
        using var result =
            context.Precision.Compute(vectors, context[Weight], context[Bias], torch.nn.functional.linear);
        using var pixels = result.view(-1, last.shape[1], last.shape[2], Out);
        return pixels.permute(0, 3, 1, 2);
    }
}
