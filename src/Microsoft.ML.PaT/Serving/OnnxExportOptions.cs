namespace Microsoft.ML.PaT;

/// <summary>How a classifier is written as an ONNX model.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>What the model's input holds.</summary>
    /// <value>Default <see cref="OnnxInput.Bytes"/>: the bytes that <see cref="ImageClassifier.Score(ReadOnlySpan{byte}, Span{float})"/> takes.</value>
    public OnnxInput Input { get; init; } = OnnxInput.Bytes;

    /// <summary>Whether the output is class probabilities, named <c>scores</c>, rather than the values before the softmax, named <c>logits</c>.</summary>
    /// <value>Default true.</value>
    public bool Softmax { get; init; } = true;

    /// <summary>
    /// Images such as the model will see: a few hundred make it compute in 8-bit integers, with ranges measured on them. Labels do not matter.
    /// </summary>
    /// <value>Any number n of images as bytes, [n,C,H,W]; default empty: the model computes in 32-bit floats.</value>
    public ReadOnlyMemory<byte> CalibrationImages { get; init; }
}
