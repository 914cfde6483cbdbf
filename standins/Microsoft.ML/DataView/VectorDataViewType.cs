using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>A vector of primitive items; a dimension of 0 means that its size differs from row to row.</summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0) : base(RawTypeOf(itemType))
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ItemType = itemType;
        Size = size;
        Dimensions = [size];
    }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, (dimensions ?? throw new ArgumentNullException(nameof(dimensions))).ToImmutableArray()) { }

    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions) : base(RawTypeOf(itemType))
    {
        if (dimensions.IsDefaultOrEmpty || dimensions.Any(d => d < 0))
            throw new ArgumentOutOfRangeException(nameof(dimensions), "A vector has at least one dimension, none of them negative.");
        ItemType = itemType;
        Dimensions = dimensions;
        long size = 1;
        foreach (int d in dimensions) size = checked(size * d);
        Size = checked((int)size);
    }

    public PrimitiveDataViewType ItemType { get; }
    public ImmutableArray<int> Dimensions { get; }
    public int Size { get; }
    public bool IsKnownSize => Size > 0;

    private static Type RawTypeOf(PrimitiveDataViewType itemType) =>
        typeof(VBuffer<>).MakeGenericType((itemType ?? throw new ArgumentNullException(nameof(itemType))).RawType);

    public override bool Equals(DataViewType other) =>
        other is VectorDataViewType v && v.ItemType.Equals(ItemType) && v.Dimensions.AsSpan().SequenceEqual(Dimensions.AsSpan());

    public override bool Equals(object other) => other is DataViewType type && Equals(type);
    public override int GetHashCode() => HashCode.Combine(ItemType, Size, Dimensions.Length);

    public override string ToString() => Dimensions is [0]
        ? $"VarVector<{ItemType}>"
        : $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(d => d == 0 ? "*" : d.ToString()))}>";
}
