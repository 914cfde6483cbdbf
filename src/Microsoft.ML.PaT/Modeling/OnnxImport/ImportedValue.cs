using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// The meaning of an ONNX value during an import: a constant, or elements of a layer's output. Owns its tensors.
/// </summary>
internal abstract class ImportedValue : IDisposable
{
    /// <summary>Shape in the ONNX graph.</summary>
    public abstract long[] Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Upper bound of the size of its tensors in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Applies operations that only move elements.</summary>
    /// <param name="move">Maps a tensor of this value's shape to one of the new shape.</param>
    public abstract ImportedValue Moved(Func<Tensor, Tensor> move);

    public abstract void Dispose();
}
