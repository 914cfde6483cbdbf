using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// In training, sets values to 0 with probability Rate, 0 to 1, 1 excluded, and scales the others to keep the mean.
/// Identity otherwise.
/// </summary>
internal abstract record RandomZeroLayer(string Name, IReadOnlyList<string> Inputs, double Rate) : Layer(Name, Inputs)
{
    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(Rate is >= 0 and < 1, "a rate of at least 0 and below 1");
        return Single(inputs);
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    internal override OnnxValue Export(OnnxLayer layer) => layer.Input;

    internal override torch.Tensor Forward(LayerContext context)
    {
        if (!context.Training || Rate == 0) return context.Input.alias();
        using var kept = context.Kept(MaskShape(context.Input.shape), Rate);
        return context.Input.mul(kept);
    }

    /// <summary>Shape of the random mask, which is broadcast to the input [N,C,H,W].</summary>
    private protected abstract long[] MaskShape(long[] input);
}
