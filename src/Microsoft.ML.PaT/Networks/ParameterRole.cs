namespace Microsoft.ML.PaT;

/// <summary>What a tensor of a layer is for; decides its initial value and whether weight decay applies.</summary>
public enum ParameterRole
{
    /// <summary>Weight of a convolution, [out, in / groups, kernel, kernel], or of a linear layer, [out, in].</summary>
    Weight,

    /// <summary>Bias of a convolution or linear layer, [out].</summary>
    Bias,

    /// <summary>Scale (gamma) of a norm, [channels].</summary>
    NormScale,

    /// <summary>Shift (beta) of a norm, [channels].</summary>
    NormShift,

    /// <summary>Running mean of a batch-norm, [channels]; not trained.</summary>
    RunningMean,

    /// <summary>Running variance of a batch-norm, [channels]; not trained.</summary>
    RunningVariance,
}
