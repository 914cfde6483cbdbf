namespace Microsoft.ML.Data;

/// <summary>A value out of a known set, as its 1-based number; 0 means missing.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, int count) : this(type, count > 0 ? (ulong)count : throw new ArgumentOutOfRangeException(nameof(count), count, "A key type has at least one value.")) { }

    public KeyDataViewType(Type type, ulong count) : base(Checked(type))
    {
        if (count == 0 || count > MaxCount(type))
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A {type.Name} key counts from 1 to {MaxCount(type)}.");
        Count = count;
    }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type) => Type.GetTypeCode(type) is TypeCode.Byte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64;

    private static Type Checked(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return IsValidDataType(type) ? type : throw new ArgumentOutOfRangeException(nameof(type), $"A key is an unsigned integer, not {type.Name}.");
    }

    private static ulong MaxCount(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };

    public override bool Equals(DataViewType other) => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;
    public override bool Equals(object other) => other is DataViewType type && Equals(type);
    public override int GetHashCode() => HashCode.Combine(RawType, Count);
    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";
}
