using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT;

/// <summary>How a classifier is written as an ONNX model.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// The input and outputs of an ONNX file, with their names, layout and element types, so that the pruned model can
    /// replace that file in applications.
    /// </summary>
    /// <param name="path">An ONNX file of a classifier: see <see cref="NetworkArchitecture.FromOnnx"/>.</param>
    /// <param name="input">Shape of the images, [C,H,W]; null for that in the file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">It is not an ONNX model, is damaged, or is not a classifier of
    /// images.</exception>
    /// <exception cref="InvalidFileException">A node of it corresponds to no layer.</exception>
    public static OnnxExportOptions LikeFile(string path, ImageShape? input = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new() { Interface = OnnxInterface.OfFile(path, input) };
    }

    /// <summary>Takes the place of <see cref="Input"/> and <see cref="Softmax"/>; null for none.</summary>
    internal OnnxInterface? Interface { get; init; }

    /// <summary>What the model's input holds.</summary>
    /// <value>Default <see cref="OnnxInput.Bytes"/>: the bytes that
    /// <see cref="ImageClassifier.Score(ReadOnlySpan{byte}, Span{float})"/> takes.</value>
    public OnnxInput Input { get; init; } = OnnxInput.Bytes;

    /// <summary>
    /// Whether the output is class probabilities, named <c>scores</c>, rather than the values before the softmax, named
    /// <c>logits</c>.
    /// </summary>
    /// <value>Default true.</value>
    public bool Softmax { get; init; } = true;

    /// <summary>
    /// Typical images, a few hundred. With them, the model computes in 8-bit integers, whose ranges are measured on
    /// these images. Labels are not needed.
    /// </summary>
    /// <value>Any number n of images as bytes, [n,C,H,W]; default empty: the model computes in 32-bit floats.</value>
    public ReadOnlyMemory<byte> CalibrationImages { get; init; }
}
