using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>A value that does not depend on the images: float32, int64 or bool.</summary>
/// <param name="value">The value; owned by this object.</param>
/// <param name="name">Name of the constant in the file; null if the value was computed.</param>
internal sealed class ImportedConstant(Tensor value, string? name = null) : ImportedValue
{
    public Tensor Value { get; } = value.DetachFromDisposeScope();

    public string? Name { get; } = name;

    public override long[] Shape { get; } = value.shape;

    public override long Bytes => Count * 8;

    public bool IsFloat => Value.dtype == ScalarType.Float32;

    /// <summary>Elements as integers, row-major.</summary>
    public long[] Integers()
    {
        using var whole = Value.to(ScalarType.Int64);
        using var dense = whole.contiguous();
        return dense.data<long>().ToArray();
    }

    /// <summary>Elements as floats, row-major.</summary>
    public float[] Floats()
    {
        using var single = Value.to(ScalarType.Float32);
        using var dense = single.contiguous();
        return dense.data<float>().ToArray();
    }

    /// <summary>Returns the value that all elements have; null if they differ or there are none.</summary>
    public float? Uniform()
    {
        if (Count == 0) return null;
        var values = Floats();
        return Array.TrueForAll(values, v => v == values[0]) ? values[0] : null;
    }

    public override ImportedConstant Moved(Func<Tensor, Tensor> move) => new(move(Value.alias()), Name);

    public override void Dispose() => Value.Dispose();
}
