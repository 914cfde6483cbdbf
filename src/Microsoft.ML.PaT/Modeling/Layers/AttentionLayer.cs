using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Multi-head self-attention over all pixels or tokens (Vaswani et al., NIPS 2017): [N,In,H,W] to the concatenated
/// outputs of the heads, [N,Heads*HeadWidth,H,W]. Head h computes softmax(q k' / sqrt(HeadWidth)) v from its own
/// queries, keys and values. The projection after the heads is a separate <see cref="LinearLayer"/>.
/// </summary>
/// <remarks>
/// The weight, [3*Heads*HeadWidth,In], has the rows of all queries, then of all keys, then of all values, head after
/// head. A head is one prunable channel: its q, k and v rows, its outputs and their readers are kept or removed
/// together. The width of a head never changes.
/// </remarks>
internal sealed record AttentionLayer(string Name, IReadOnlyList<string> Inputs, int In, int Heads, int HeadWidth)
    : Layer(Name, Inputs)
{
    private int Out => checked(Heads * HeadWidth);

    private string Weight => Name + ".in_proj_weight";

    private string Bias => Name + ".in_proj_bias";

    internal override IEnumerable<ParameterSpec> Parameters =>
    [
        new(Weight, [3L * Out, In], ParameterRole.Weight),
        new(Bias, [3L * Out], ParameterRole.Bias),
    ];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(Heads >= 1 && HeadWidth >= 1, "at least one head, and heads at least one channel wide");
        return Single(inputs, In) with { Channels = Out };
    }

    // The projection, and for every pair of tokens the product of query and key and the weighting of the value.
    internal override long MultiplyAccumulates(ImageShape output)
    {
        var tokens = (long)output.Height * output.Width;
        return tokens * 3 * Out * In + 2 * tokens * tokens * Out;
    }

    internal override void Flow(ChannelGraph flow) => AttentionHeads.Flow(flow, Out, HeadWidth, Weight, Bias);

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { In = Count(inputs[0]), Heads = Count(output) / HeadWidth };

    // [N,channels,tokens] throughout, which avoids permuting the pixels.
    internal override OnnxValue Export(OnnxLayer layer)
    {
        var tokens = layer.Reshaped(layer.Image, 0, In, -1);
        var products = layer.Node("MatMul", [layer.Parameter(Weight), tokens]);
        var projected = layer.Node("Add", [products, layer.Reshaped(layer.Parameter(Bias), 3L * Out, 1)]);
        var queries =
            layer.Node("Mul", [layer.Transposed(Part(0), 0, 1, 3, 2), layer.Scalar(1 / MathF.Sqrt(HeadWidth))]);
        var weights = layer.Node("Softmax", [layer.Node("MatMul", [queries, Part(1)])], OnnxAttribute.Of("axis", -1));
        var heads = layer.Node("MatMul", [Part(2), layer.Transposed(weights, 0, 1, 3, 2)]);
        return layer.Reshaped(heads, 0, Out, layer.OutputShape.Height, layer.OutputShape.Width);

        OnnxValue Part(long part) =>
            layer.Reshaped(layer.Slice(projected, dimension: 1, part * Out, (part + 1) * Out), 0, Heads, HeadWidth, -1);
    }

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var scope = torch.NewDisposeScope();
        var (images, height, width) = (context.Input.shape[0], context.Input.shape[2], context.Input.shape[3]);
        var tokens = context.Input.permute(0, 2, 3, 1).reshape(-1, In);
        var projected = context.Precision.Compute(tokens, context[Weight], context[Bias], torch.nn.functional.linear)
            .view(images, height * width, 3, Heads, HeadWidth);
        // Three tensors [N,heads,tokens,width].
        var parts = projected.permute(2, 0, 3, 1, 4).unbind(0);
        var weights =
            context.Precision.Multiply(parts[0].Times(1 / Math.Sqrt(HeadWidth)), parts[1].transpose(2, 3)).softmax(3);
        var heads =
            context.Precision.Multiply(weights, parts[2]).permute(0, 2, 1, 3).reshape(images, height, width, Out);
        return heads.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
