using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>max(x, 0), value by value.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Inputs">The one input.</param>
public sealed record ReluLayer(string Name, IReadOnlyList<string> Inputs) : Layer(Name, Inputs)
{
    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs) => Single(inputs);

    internal override void Flow(ChannelFlow flow) => flow.Pass(flow.Input(0));

    internal override torch.Tensor Forward(LayerContext context) => context.InPlace ? context.Input.relu_() : context.Input.relu();
}
