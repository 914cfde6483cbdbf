using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT;

/// <summary>Input, output and precision of an exported ONNX model.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// The input and outputs of an ONNX file, with their names, layout and element types, so that the pruned model can
    /// replace that file in applications. The number of images is open.
    /// </summary>
    /// <param name="path">An ONNX file of a classifier: see <see cref="NetworkArchitecture.FromOnnx"/>.</param>
    /// <param name="input">Shape of the images, [C,H,W]; null for that in the file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">It is not an ONNX model, is damaged, is not an image classifier, one of
    /// its nodes corresponds to no layer, or an output of integers is not the class with the largest score.</exception>
    /// <exception cref="DeviceUnavailableException">libtorch cannot be loaded.</exception>
    public static OnnxExportOptions LikeFile(string path, ImageShape? input = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new() { Interface = OnnxInterface.OfFile(path, input) };
    }

    /// <summary>Replaces <see cref="Input"/> and <see cref="Softmax"/>; null for none.</summary>
    internal OnnxInterface? Interface { get; init; }

    /// <summary>Content of the model's input.</summary>
    /// <value>Default <see cref="OnnxInput.Bytes"/>: the bytes of
    /// <see cref="ImageClassifier.Score(ReadOnlySpan{byte}, Span{float})"/>.</value>
    public OnnxInput Input { get; init; } = OnnxInput.Bytes;

    /// <summary>
    /// Whether the output is the class probabilities, named <c>scores</c>. Otherwise it is the logits, named
    /// <c>logits</c>.
    /// </summary>
    /// <value>Default true.</value>
    public bool Softmax { get; init; } = true;

    /// <summary>
    /// Typical images, a few hundred. If there are any, the model computes in 8-bit integers with ranges measured on
    /// these images. Labels are not needed.
    /// </summary>
    /// <value>Any number n of images as bytes, [n,C,H,W]. Default empty: the model computes in 32-bit floats.</value>
    public ReadOnlyMemory<byte> CalibrationImages { get; init; }
}
