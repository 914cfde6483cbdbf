using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>Every Stride-th pixel of a rectangle that starts at (Top, Left): [N,C,H,W] to [N,C,Height,Width].</summary>
internal sealed record PixelSliceLayer(
    string Name,
    IReadOnlyList<string> Inputs,
    int Top,
    int Left,
    int Height,
    int Width,
    int Stride = 1) : Layer(Name, Inputs)
{
    private long Bottom => Top + (Height - 1L) * Stride + 1;

    private long Right => Left + (Width - 1L) * Stride + 1;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        var input = Single(inputs);
        Require(
            Top >= 0
                && Left >= 0
                && Height >= 1
                && Width >= 1
                && Stride >= 1
                && Bottom <= input.Height
                && Right <= input.Width,
            $"pixels within those of '{Inputs[0]}', {input}, and a stride of at least 1");
        return new(input.Channels, Height, Width);
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer)
    {
        const long rows = 2, columns = 3;
        return layer.Node(
            "Slice",
            [
                layer.Image,
                layer.Integers(Top, Left),
                layer.Integers(Bottom, Right),
                layer.Integers(rows, columns),
                layer.Integers(Stride, Stride),
            ]);
    }

    internal override torch.Tensor Forward(LayerContext context)
    {
        using var rows = context.Input.slice(2, Top, Bottom, Stride);
        return rows.slice(3, Left, Right, Stride);
    }
}
