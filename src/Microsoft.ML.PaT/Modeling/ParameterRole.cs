namespace Microsoft.ML.PaT.Modeling;

/// <summary>What a tensor of a layer is for; decides its initial value and whether weight decay applies: to <see cref="Weight"/> only.</summary>
internal enum ParameterRole
{
    /// <summary>Weight of a convolution, [out, in / groups, kernel, kernel], or of a linear layer, [out, in]; of attention, [3 * out, in].</summary>
    Weight,

    /// <summary>Bias of a convolution, linear or attention layer, [out].</summary>
    Bias,

    /// <summary>Scale (gamma) of a norm, [channels].</summary>
    NormScale,

    /// <summary>Shift (beta) of a norm, [channels].</summary>
    NormShift,

    /// <summary>Factor of a <see cref="ScaleLayer"/>, [channels, 1, 1].</summary>
    LayerScale,

    /// <summary>Learned token of a <see cref="ClassTokenLayer"/>, [1, 1, channels].</summary>
    ClassToken,

    /// <summary>Position embedding, [1, tokens, channels].</summary>
    PositionEmbedding,

    /// <summary>Position bias of a <see cref="WindowAttentionLayer"/>, [pairs, heads].</summary>
    PositionBias,

    /// <summary>Running mean of a batch-norm, [channels]; not trained.</summary>
    RunningMean,

    /// <summary>Running variance of a batch-norm, [channels]; not trained.</summary>
    RunningVariance,
}
