using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>What a value of the ONNX graph is known to be while it is imported: a constant, or elements of what a layer gives. Owns its tensors.</summary>
internal abstract class ImportedValue : IDisposable
{
    /// <summary>Its shape in the ONNX graph.</summary>
    public abstract long[] Shape { get; }

    /// <summary>Elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Bytes that its tensors take at most.</summary>
    public abstract long Bytes { get; }

    /// <summary>Applies operations that only move elements.</summary>
    /// <param name="move">Takes a tensor of this value's shape, and gives one of the new shape.</param>
    public abstract ImportedValue Moved(Func<Tensor, Tensor> move);

    /// <inheritdoc/>
    public abstract void Dispose();
}
