using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>
/// Elements of what a layer gives, arranged in some other way. Operators that only move elements (Reshape, Transpose, Slice, ...) move the
/// numbers of the elements; what reads the value finds in them which channels and which pixels lie where.
/// </summary>
/// <param name="source">What gives the elements.</param>
/// <param name="shape">The shape in the ONNX graph.</param>
/// <param name="index">For each element, its number in the source, row-major, int64; null where they are in order. Taken over.</param>
internal sealed class ImportedView(ImportSource source, long[] shape, Tensor? index = null) : ImportedValue
{
    private readonly Tensor? _index = index?.DetachFromDisposeScope();

    /// <summary>What gives the elements.</summary>
    public ImportSource Source { get; } = source;

    /// <inheritdoc/>
    public override long[] Shape { get; } = shape;

    /// <summary>A factor of all elements that no layer has been made for yet.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>For images that no layer has read yet, what they were multiplied by, of this shape; null for 1.</summary>
    public Tensor? Scale { get; init; }

    /// <summary>For images that no layer has read yet, what was added to them then, of this shape; null for 0.</summary>
    public Tensor? Shift { get; init; }

    /// <summary>Whether it is all that the source gives, in its order.</summary>
    public bool IsInOrder => _index is null;

    /// <inheritdoc/>
    public override long Bytes => (_index is null ? 0 : Count * 8) + (Scale is null ? 0 : Count * 8);

    /// <summary>Elements of a source by their numbers, which are not taken over.</summary>
    public static ImportedView Of(ImportSource source, Tensor index)
    {
        var isInOrder = index.numel() == source.Count && IsAscending(index);
        return new(source, index.shape, isInOrder ? null : index.alias());
    }

    /// <summary>Numbers of the elements in the source, of this shape: a new handle.</summary>
    public Tensor Index() => _index?.alias() ?? Ascending(Source.Count, Shape);

    /// <summary>Numbers of the elements in the source, row-major.</summary>
    public long[] Numbers()
    {
        using var index = Index();
        using var dense = index.contiguous();
        return dense.data<long>().ToArray();
    }

    /// <summary>The same elements with another factor.</summary>
    public ImportedView Times(double factor) =>
        new(Source, Shape, _index?.alias()) { Factor = Factor * factor, Scale = Scale?.alias().DetachFromDisposeScope(), Shift = Shift?.alias().DetachFromDisposeScope() };

    /// <inheritdoc/>
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

    /// <inheritdoc/>
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
        var numbers = new long[count];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = i;
        using var flat = tensor(numbers);
        return flat.reshape(shape);
    }
}
