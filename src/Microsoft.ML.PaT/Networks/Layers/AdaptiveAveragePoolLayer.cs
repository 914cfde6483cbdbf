using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>Means over a grid of a given size laid on the picture: [N,C,H,W] to [N,C,Height,Width].</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Inputs">The one input.</param>
/// <param name="Height">Rows of the output.</param>
/// <param name="Width">Columns of the output.</param>
public sealed record AdaptiveAveragePoolLayer(string Name, IReadOnlyList<string> Inputs, int Height, int Width) : Layer(Name, Inputs)
{
    internal override bool OutputMayBeOverwritten => true;

    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(Height >= 1 && Width >= 1, "a height and a width of at least 1");
        return new(Single(inputs).Channels, Height, Width);
    }

    internal override void Flow(ChannelFlow flow) => flow.Pass(flow.Input(0));

    internal override torch.Tensor Forward(LayerContext context) => torch.nn.functional.adaptive_avg_pool2d(context.Input, [Height, Width]);
}
