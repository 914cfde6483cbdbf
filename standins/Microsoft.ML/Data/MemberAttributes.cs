namespace Microsoft.ML.Data;

/// <summary>Names the column that a member stands for, where it is not the member's own name.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class ColumnNameAttribute(string name) : Attribute
{
    internal string Name { get; } = name;
}

/// <summary>Keeps a member out of the columns.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class NoColumnAttribute : Attribute;

/// <summary>Makes an unsigned member a key column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute() { }
    public KeyTypeAttribute(ulong count) => KeyCount = new(count);
    internal KeyCount KeyCount { get; }
}

/// <summary>Gives an array member the dimensions of its vector column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute() { }
    public VectorTypeAttribute(int size) : this([size]) { }

    public VectorTypeAttribute(params int[] dimensions)
    {
        if (dimensions.Any(d => d < 0)) throw new ArgumentOutOfRangeException(nameof(dimensions), "Dimensions are not negative.");
        Dimensions = dimensions;
    }

    internal int[] Dimensions { get; }
}

/// <summary>How many values a key column has; unknown without a count.</summary>
public sealed class KeyCount
{
    public KeyCount() { }
    public KeyCount(ulong count) => Count = count > 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), "A key has at least one value.");
    public readonly ulong? Count;
}
