using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>A function of every single value.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Inputs">The one input.</param>
/// <param name="Function">The function.</param>
public sealed record ActivationLayer(string Name, IReadOnlyList<string> Inputs, ActivationFunction Function) : Layer(Name, Inputs)
{
    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(Enum.IsDefined(Function), "a known function");
        return Single(inputs);
    }

    internal override void Flow(ChannelFlow flow) => flow.Pass(flow.Input(0));

    // The others keep their input for the backward pass: overwriting it would make autograd copy it first.
    internal override torch.Tensor Forward(LayerContext context) => (Function, context.InPlace) switch
    {
        (ActivationFunction.Relu, true) => context.Input.relu_(),
        (ActivationFunction.Relu, false) => context.Input.relu(),
        (ActivationFunction.Relu6, true) => context.Input.relu6_(),
        (ActivationFunction.Relu6, false) => context.Input.relu6(),
        (ActivationFunction.Sigmoid, true) => context.Input.sigmoid_(),
        (ActivationFunction.Sigmoid, false) => context.Input.sigmoid(),
        (ActivationFunction.HardSigmoid, _) => context.Input.hardsigmoid(),
        (ActivationFunction.Silu, _) => context.Input.silu(),
        (ActivationFunction.HardSwish, _) => context.Input.hardswish(),
        _ => context.Input.gelu(),
    };
}
