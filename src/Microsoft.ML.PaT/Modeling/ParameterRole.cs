namespace Microsoft.ML.PaT.Modeling;

/// <summary>
/// Role of a tensor in a layer. It determines the initial values and the weight decay, which applies to
/// <see cref="Weight"/> only.
/// </summary>
internal enum ParameterRole
{
    /// <summary>
    /// Weight of a convolution, [out, in / groups, kernel, kernel], a linear layer, [out, in], or attention, [3 * out,
    /// in].
    /// </summary>
    Weight,

    /// <summary>Bias of a convolution, linear or attention layer, [out].</summary>
    Bias,

    /// <summary>Scale (gamma) of a norm, [channels].</summary>
    NormScale,

    /// <summary>Shift (beta) of a norm, [channels].</summary>
    NormShift,

    /// <summary>Factor of a layer scale, [channels, 1, 1].</summary>
    LayerScale,

    /// <summary>Learned class token, [1, 1, channels].</summary>
    ClassToken,

    /// <summary>Position embedding, [1, tokens, channels].</summary>
    PositionEmbedding,

    /// <summary>Position bias of window attention, [pairs, heads].</summary>
    PositionBias,

    /// <summary>Running mean of a batch-norm, [channels]; not trained.</summary>
    RunningMean,

    /// <summary>Running variance of a batch-norm, [channels]; not trained.</summary>
    RunningVariance,
}
