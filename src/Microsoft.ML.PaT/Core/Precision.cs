namespace Microsoft.ML.PaT;

/// <summary>
/// Precision of convolutions and matrix products during training. Weights, gradients, norms and losses stay float32, as
/// do evaluation and the saved model.
/// </summary>
public enum Precision
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>
    /// bfloat16: 8 exponent bits, 8 bits of precision. For GPUs since Ampere and CPUs with avx512_bf16 or amx_bf16;
    /// other processors emulate it, which is slower.
    /// </summary>
    Bfloat16,

    /// <summary>
    /// float16: 5 exponent bits, 11 bits of precision. For GPUs only. The loss is scaled to prevent gradient underflow;
    /// a step with non-finite gradients is skipped and the scale is halved.
    /// </summary>
    Float16,
}
