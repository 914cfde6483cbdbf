using System.Diagnostics;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Onnx;
using TorchSharp;

namespace Microsoft.ML.PaT.Modeling;

/// <summary>Elementwise activation.</summary>
internal sealed record ActivationLayer(string Name, IReadOnlyList<string> Inputs, ActivationFunction Function)
    : Layer(Name, Inputs)
{
    internal override ImageShape OutputShape(IReadOnlyList<ImageShape> inputs)
    {
        Require(Enum.IsDefined(Function), "a known function");
        return Single(inputs);
    }

    internal override void Flow(ChannelGraph flow) => flow.Pass(flow.Input(0));

    // Opset 17, which is written, has neither Swish nor Gelu; runtimes recognize these patterns.
    internal override OnnxValue Export(OnnxLayer layer) => Function switch
    {
        ActivationFunction.Relu => layer.Node("Relu", [layer.Input]),
        ActivationFunction.Relu6 => layer.Node("Clip", [layer.Input, layer.Scalar(0), layer.Scalar(6)]),
        ActivationFunction.Sigmoid => layer.Node("Sigmoid", [layer.Input]),
        ActivationFunction.HardSigmoid => layer.Node(
            "HardSigmoid",
            [layer.Input],
            OnnxAttribute.Of("alpha", 1f / 6),
            OnnxAttribute.Of("beta", 0.5f)),
        ActivationFunction.Silu => layer.Node("Mul", [layer.Input, layer.Node("Sigmoid", [layer.Input])]),
        ActivationFunction.HardSwish => layer.Node("HardSwish", [layer.Input]),
        ActivationFunction.Tanh => layer.Node("Tanh", [layer.Input]),
        ActivationFunction.Gelu => Gelu(layer),
        _ => throw new UnreachableException(),
    };

    /// <summary>x * (1 + erf(x / sqrt(2))) / 2.</summary>
    private static OnnxValue Gelu(OnnxLayer layer)
    {
        var error = layer.Node("Erf", [layer.Node("Div", [layer.Input, layer.Scalar(MathF.Sqrt(2))])]);
        var product = layer.Node("Mul", [layer.Input, layer.Node("Add", [error, layer.Scalar(1)])]);
        return layer.Node("Mul", [product, layer.Scalar(0.5f)]);
    }

    internal override torch.Tensor Forward(LayerContext context) => Apply(Function, context.Input, context.InPlace);

    /// <param name="inPlace">Whether the values may be overwritten. Functions whose backward pass needs the input never
    /// do so.</param>
    internal static torch.Tensor Apply(ActivationFunction function, torch.Tensor input, bool inPlace) =>
        (function, inPlace) switch
        {
            (ActivationFunction.Relu, true) => input.relu_(),
            (ActivationFunction.Relu, false) => input.relu(),
            (ActivationFunction.Relu6, true) => input.relu6_(),
            (ActivationFunction.Relu6, false) => input.relu6(),
            (ActivationFunction.Sigmoid, true) => input.sigmoid_(),
            (ActivationFunction.Sigmoid, false) => input.sigmoid(),
            // libtorch has no second derivative of hardsigmoid, which GraSP needs.
            (ActivationFunction.HardSigmoid, _) => input.Plus(3).relu6_().Over(6),
            (ActivationFunction.Silu, _) => input.silu(),
            (ActivationFunction.HardSwish, _) => input.hardswish(),
            (ActivationFunction.Tanh, true) => input.tanh_(),
            (ActivationFunction.Tanh, false) => input.tanh(),
            (ActivationFunction.Gelu, _) => input.gelu(),
            _ => throw new UnreachableException(),
        };
}
