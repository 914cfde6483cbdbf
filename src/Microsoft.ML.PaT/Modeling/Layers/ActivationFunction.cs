using Microsoft.ML.PaT.Modeling;

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

    /// <summary>x times the sigmoid of x.</summary>
    Silu,

    /// <summary>x times the hard sigmoid of x.</summary>
    HardSwish,

    /// <summary>x times the normal distribution function of x.</summary>
    Gelu,

    /// <summary>The hyperbolic tangent of x.</summary>
    Tanh,
}
