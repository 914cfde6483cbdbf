using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Multi-head self-attention in windows of pixels: [N,In,H,W] to the concatenated outputs of the heads,
/// [N,Heads*HeadWidth,H,W]. A learned position bias, which depends on the head and the relative position of two pixels,
/// is added to the scores (Swin Transformer, Liu et al., ICCV 2021). Windows are adjacent, or each has every (H /
/// Height)-th row and (W / Width)-th column (grid attention of MaxViT, Tu et al., ECCV 2022).
/// </summary>
/// <remarks>
/// Weight, bias and heads are those of <see cref="AttentionLayer"/>: a head is one prunable channel. The position bias
/// is [(2 Height - 1) (2 Width - 1), Heads]: the row of a pair of pixels is (row of query - row of key + Height - 1) (2
/// Width - 1) + column of query - column of key + Width - 1. The image is rolled up by ShiftHeight rows and left by
/// ShiftWidth columns first; pixels that were not adjacent do not attend to each other.
/// </remarks>
internal sealed record WindowAttentionLayer(
    string Name,
    IReadOnlyList<string> Inputs,
    int In,
    int Heads,
    int HeadWidth,
    int Height,
    int Width,
    int ShiftHeight = 0,
    int ShiftWidth = 0,
    bool Grid = false) : Layer(Name, Inputs)
{
    /// <summary>Added to the scores of pairs that must not attend to each other, as in Swin Transformer.</summary>
    private const float Masked = -100;

    private int Out => checked(Heads * HeadWidth);

    private int Tokens => Height * Width;

    private string Weight => Name + ".in_proj_weight";

    private string Bias => Name + ".in_proj_bias";

    private string Positions => Name + ".relative_position_bias_table";

    internal override IEnumerable<ParameterSpec> Parameters =>
    [
        new(Weight, [3L * Out, In], ParameterRole.Weight),
        new(Bias, [3L * Out], ParameterRole.Bias),
        new(Positions, [(2L * Height - 1) * (2L * Width - 1), Heads], ParameterRole.PositionBias),
    ];

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs, In);
        Require(Heads >= 1 && HeadWidth >= 1, "at least one head, and heads at least one channel wide");
        Require(
            Height >= 1 && Width >= 1 && input.Height % Height == 0 && input.Width % Width == 0 && Tokens <= 1 << 12,
            $"windows that divide {input.Height} x {input.Width} pixels and have at most 4,096 of them");
        Require(
            ShiftHeight >= 0 && ShiftHeight < Height && ShiftWidth >= 0 && ShiftWidth < Width,
            "shifts from 0 to below the window");
        Require(!Grid || ShiftHeight + ShiftWidth == 0, "no shift if the pixels of a window are spaced");
        return input with { Channels = Out };
    }

    // The projection, and for every pair of pixels of a window the product of query and key and the weighting of the
    // value.
    internal override long MultiplyAccumulates(ImageShape output)
    {
        var pixels = (long)output.Height * output.Width;
        return pixels * 3 * Out * In + 2 * pixels * Tokens * Out;
    }

    internal override void Flow(ChannelGraph flow)
    {
        var heads = AttentionHeads.Flow(flow, Out, HeadWidth, Weight, Bias);
        flow.Own(Positions, 1, [.. heads.Where((_, c) => c % HeadWidth == 0)]);
    }

    internal override Layer Narrow(IReadOnlyList<bool[]> inputs, bool[] output) =>
        this with { In = Count(inputs[0]), Heads = Count(output) / HeadWidth };

    internal override OnnxValue Export(OnnxLayer layer)
    {
        var windows = new PixelWindows(layer.OutputShape, Height, Width, ShiftHeight, ShiftWidth, Grid);
        long count = windows.Count;
        var pixels = layer.Reshaped(layer.Image, 0, In, -1);
        var products = layer.Node("MatMul", [layer.Parameter(Weight), pixels]);
        var projected = layer.Node("Add", [products, layer.Reshaped(layer.Parameter(Bias), 3L * Out, 1)]);
        var ordered = layer.Node("Gather", [projected, layer.Integers(windows.Sites)], OnnxAttribute.Of("axis", 2));
        var queries =
            layer.Node("Mul", [layer.Transposed(Part(0), 0, 3, 1, 4, 2), layer.Scalar(1 / MathF.Sqrt(HeadWidth))]);
        var scores = layer.Node("MatMul", [queries, layer.Transposed(Part(1), 0, 3, 1, 2, 4)]);
        var table = layer.Node(
            "Gather",
            [layer.Parameter(Positions), layer.Integers(PixelWindows.Pairs(Height, Width))],
            OnnxAttribute.Of("axis", 0));
        var biased =
            layer.Node("Add", [scores, layer.Transposed(layer.Reshaped(table, Tokens, Tokens, Heads), 2, 0, 1)]);
        if (windows.Mask(Masked) is { } mask)
            biased = layer.Node("Add", [biased, layer.Floats(mask, count, 1, Tokens, Tokens)]);
        var weights = layer.Node("Softmax", [biased], OnnxAttribute.Of("axis", -1));
        var heads = layer.Node("MatMul", [weights, layer.Transposed(Part(2), 0, 3, 1, 4, 2)]);
        // [N,windows,heads,tokens,width] to [N,channels,pixels], with every pixel at its place.
        var rows = layer.Reshaped(layer.Transposed(heads, 0, 2, 4, 1, 3), 0, Out, -1);
        var back = layer.Node("Gather", [rows, layer.Integers(windows.Places)], OnnxAttribute.Of("axis", 2));
        return layer.Reshaped(back, 0, Out, layer.OutputShape.Height, layer.OutputShape.Width);

        // [N,heads,width,windows,tokens]
        OnnxValue Part(long part) =>
            layer.Reshaped(
                layer.Slice(ordered, dimension: 1, part * Out, (part + 1) * Out), 0, Heads, HeadWidth, count, Tokens);
    }

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var scope = torch.NewDisposeScope();
        var (images, height, width) =
            (context.Input.shape[0], (int)context.Input.shape[2], (int)context.Input.shape[3]);
        var device = context.Input.device;
        var windows = new PixelWindows(new(Out, height, width), Height, Width, ShiftHeight, ShiftWidth, Grid);
        var pixels = context.Input.permute(0, 2, 3, 1)
            .reshape(images, height * width, In)
            .index_select(1, torch.tensor(windows.Sites, device: device));
        var projected = context.Precision.Compute(pixels, context[Weight], context[Bias], torch.nn.functional.linear)
            .view(images, windows.Count, Tokens, 3, Heads, HeadWidth);
        // Three tensors [N,windows,heads,tokens,width].
        var parts = projected.permute(3, 0, 1, 4, 2, 5).unbind(0);
        var scores = context.Precision.Multiply(parts[0].Times(1 / Math.Sqrt(HeadWidth)), parts[1].transpose(3, 4));
        var pairs = context[Positions].index_select(0, torch.tensor(PixelWindows.Pairs(Height, Width), device: device));
        scores = scores.Plus(pairs.view(Tokens, Tokens, Heads).permute(2, 0, 1));
        if (windows.Mask(Masked) is { } mask)
        {
            scores =
                scores.Plus(torch.tensor(mask, device: device).to(scores.dtype).view(windows.Count, 1, Tokens, Tokens));
        }
        var heads = context.Precision.Multiply(scores.softmax(4), parts[2])
            .permute(0, 1, 3, 2, 4)
            .reshape(images, height * width, Out);
        var back = heads.index_select(1, torch.tensor(windows.Places, device: device)).view(images, height, width, Out);
        return back.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
