namespace Microsoft.ML.PaT;

/// <summary>What convolutions and matrix products compute in while a network trains. Weights, gradients, norms and losses stay float32, and so do evaluation and the model.</summary>
public enum Precision
{
    /// <summary>32 bits throughout.</summary>
    Float32,

    /// <summary>bfloat16: 8 bits of exponent, 8 of precision. For GPUs since Ampere, and CPUs that have instructions for it (avx512_bf16, amx_bf16); others emulate it and are slower.</summary>
    Bfloat16,

    /// <summary>float16: 5 bits of exponent, 11 of precision. For GPUs only. The loss is scaled so that small gradients do not vanish; a step whose gradients are not finite is left out, and the scale halved.</summary>
    Float16,
}
