namespace Microsoft.ML.Data;

/// <summary>Finds column types by raw type and by kind.</summary>
internal static class PrimitiveTypes
{
    private static readonly PrimitiveDataViewType[] _others =
    [
        TextDataViewType.Instance, BooleanDataViewType.Instance, TimeSpanDataViewType.Instance,
        DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    ];

    /// <summary>The type of values of a raw type, null if there is none.</summary>
    internal static PrimitiveDataViewType FromType(Type type) => type == typeof(string)
        ? TextDataViewType.Instance
        : NumberDataViewType.FromType(type) ?? (PrimitiveDataViewType)Array.Find(_others, t => t.RawType == type);

    internal static PrimitiveDataViewType FromKind(DataKind kind) => kind switch
    {
        DataKind.SByte => NumberDataViewType.SByte,
        DataKind.Byte => NumberDataViewType.Byte,
        DataKind.Int16 => NumberDataViewType.Int16,
        DataKind.UInt16 => NumberDataViewType.UInt16,
        DataKind.Int32 => NumberDataViewType.Int32,
        DataKind.UInt32 => NumberDataViewType.UInt32,
        DataKind.Int64 => NumberDataViewType.Int64,
        DataKind.UInt64 => NumberDataViewType.UInt64,
        DataKind.Single => NumberDataViewType.Single,
        DataKind.Double => NumberDataViewType.Double,
        DataKind.String => TextDataViewType.Instance,
        DataKind.Boolean => BooleanDataViewType.Instance,
        DataKind.TimeSpan => TimeSpanDataViewType.Instance,
        DataKind.DateTime => DateTimeDataViewType.Instance,
        DataKind.DateTimeOffset => DateTimeOffsetDataViewType.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of data."),
    };

    internal static DataKind KindOf(Type type) => Enum.GetValues<DataKind>().First(k => FromKind(k).RawType == type || type == typeof(string) && k == DataKind.String);

    internal static ulong MaxKeyCount(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };

    internal static DataViewType ItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;
}
