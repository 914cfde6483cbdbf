using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Elements of a layer's output in another arrangement. Operators that only move elements (Reshape, Transpose, Slice,
/// ...) are applied to a tensor of element indices. A layer that reads the value derives the arrangement of channels
/// and pixels from these indices.
/// </summary>
/// <param name="index">Index in the source of each element, row-major, int64; null for the source's order. Owned by
/// this object.</param>
internal sealed class ImportedView(ImportSource source, long[] shape, Tensor? index = null) : ImportedValue
{
    private const long MostElements = 1 << 27;

    private readonly Tensor? _index = index?.DetachFromDisposeScope();

    public ImportSource Source { get; } = source;

    public override long[] Shape { get; } = shape;

    /// <summary>Factor of all elements that has not become a layer yet.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Factors of the images before the first layer, of this shape; null for 1.</summary>
    public Tensor? Scale { get; init; }

    /// <summary>Added to the images after <see cref="Scale"/>, of this shape; null for 0.</summary>
    public Tensor? Shift { get; init; }

    /// <summary>Whether the value is the whole source in its order.</summary>
    public bool IsInOrder => _index is null;

    public override long Bytes => (_index is null ? 0 : Count * 8) + (Scale is null ? 0 : Count * 8);

    /// <summary>The index tensor is not owned.</summary>
    public static ImportedView Of(ImportSource source, Tensor index)
    {
        var isInOrder = index.numel() == source.Count && IsAscending(index);
        return new(source, index.shape, isInOrder ? null : index.alias());
    }

    /// <summary>Source indices in this shape: a new handle that the caller owns.</summary>
    /// <exception cref="InvalidOptionsException">The source has more elements than can be numbered.</exception>
    public Tensor Index()
    {
        if (_index is not null) return _index.alias();
        return Source.Count <= MostElements
            ? Ascending(Source.Count, Shape)
            : throw new InvalidOptionsException(
                ErrorCodes.LayerInvalid, $"{Source.Count} elements are more than any classifier rearranges");
    }

    /// <summary>Source indices, row-major.</summary>
    public long[] Numbers()
    {
        using var index = Index();
        using var dense = index.contiguous();
        return dense.data<long>().ToArray();
    }

    public ImportedView Times(double factor) =>
        new(Source, Shape, _index?.alias())
        {
            Factor = Factor * factor,
            Scale = Scale?.alias().DetachFromDisposeScope(),
            Shift = Shift?.alias().DetachFromDisposeScope(),
        };

    public override ImportedView Moved(Func<Tensor, Tensor> move)
    {
        using var old = Index();
        using var moved = move(old);
        var isInOrder = moved.numel() == Source.Count && IsAscending(moved);
        return new(Source, moved.shape, isInOrder ? null : moved.alias())
        {
            Factor = Factor,
            Scale = Moved(Scale, move),
            Shift = Moved(Shift, move),
        };
    }

    public override void Dispose()
    {
        _index?.Dispose();
        Scale?.Dispose();
        Shift?.Dispose();
    }

    private static Tensor? Moved(Tensor? values, Func<Tensor, Tensor> move)
    {
        if (values is null) return null;
        using var alias = values.alias();
        return move(alias).DetachFromDisposeScope();
    }

    private static bool IsAscending(Tensor index)
    {
        using var order = Ascending(index.numel(), index.shape);
        return order.Equals(index);
    }

    private static Tensor Ascending(long count, long[] shape)
    {
        using var flat = TensorMath.Range(count, ScalarType.Int64);
        return flat.reshape(shape);
    }
}
