using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>A value that does not depend on the images: floats as float32, whole numbers as int64, truth values as bool.</summary>
/// <param name="value">The value; taken over.</param>
/// <param name="name">Name of the constant in the file that it was made of; null for those that were computed.</param>
internal sealed class ImportedConstant(Tensor value, string? name = null) : ImportedValue
{
    /// <summary>The value.</summary>
    public Tensor Value { get; } = value.DetachFromDisposeScope();

    /// <summary>Name of the constant in the file that it was made of; null for those that were computed.</summary>
    public string? Name { get; } = name;

    /// <inheritdoc/>
    public override long[] Shape { get; } = value.shape;

    /// <inheritdoc/>
    public override long Bytes => Count * 8;

    /// <summary>Whether it holds floats.</summary>
    public bool IsFloat => Value.dtype == ScalarType.Float32;

    /// <summary>Whole numbers, such as a shape; row-major.</summary>
    public long[] Integers()
    {
        using var whole = Value.to(ScalarType.Int64);
        using var dense = whole.contiguous();
        return dense.data<long>().ToArray();
    }

    /// <summary>Floats, row-major.</summary>
    public float[] Floats()
    {
        using var single = Value.to(ScalarType.Float32);
        using var dense = single.contiguous();
        return dense.data<float>().ToArray();
    }

    /// <summary>The one number that all elements are; null where they differ or there are none.</summary>
    public float? Uniform()
    {
        if (Count == 0) return null;
        var values = Floats();
        return Array.TrueForAll(values, v => v == values[0]) ? values[0] : null;
    }

    /// <inheritdoc/>
    public override ImportedConstant Moved(Func<Tensor, Tensor> move) => new(move(Value.alias()), Name);

    /// <inheritdoc/>
    public override void Dispose() => Value.Dispose();
}
