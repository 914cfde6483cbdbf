
namespace Microsoft.ML.PaT;

/// <summary>A function of one value.</summary>
public enum ActivationFunction
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>min(max(x + 3, 0), 6) / 6.</summary>
    HardSigmoid,

    /// <summary>x * sigmoid(x).</summary>
    Silu,

    /// <summary>x * hardsigmoid(x).</summary>
    HardSwish,

    /// <summary>x * Phi(x), Phi being the normal distribution function.</summary>
    Gelu,

    /// <summary>tanh(x).</summary>
    Tanh,
}
