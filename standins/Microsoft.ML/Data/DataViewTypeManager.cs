namespace Microsoft.ML.Data;

/// <summary>Which column types stand for .NET types that are no primitive, such as pictures.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock _lock = new();
    private static readonly Dictionary<Type, List<(DataViewTypeAttribute Attribute, DataViewType Type)>> _known = [];

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        ArgumentNullException.ThrowIfNull(dataViewType);
        ArgumentNullException.ThrowIfNull(type);
        if (type != dataViewType.RawType)
            throw new ArgumentOutOfRangeException(nameof(type), $"{dataViewType} holds {dataViewType.RawType}, not {type}.");
        lock (_lock)
        {
            if (!_known.TryGetValue(type, out var types)) _known[type] = types = [];
            int at = types.FindIndex(t => Same(t.Attribute, typeAttribute));
            if (at < 0) types.Add((typeAttribute, dataViewType));
            else if (!types[at].Type.Equals(dataViewType))
                throw new ArgumentOutOfRangeException(nameof(type), $"{type} is already registered as {types[at].Type}.");
        }
    }

    internal static bool TryGet(Type type, IReadOnlyList<DataViewTypeAttribute> attributes, out DataViewType found)
    {
        if (attributes.Count > 1) throw new ArgumentOutOfRangeException("userType", $"A member carries one {nameof(DataViewTypeAttribute)} at most.");
        var attribute = attributes.FirstOrDefault();
        attribute?.Register();
        lock (_lock)
            found = _known.TryGetValue(type, out var types) ? types.Find(t => Same(t.Attribute, attribute)).Type : null;
        return found is not null;
    }

    private static bool Same(DataViewTypeAttribute a, DataViewTypeAttribute b) => a is null ? b is null : b is not null && a.Equals(b);
}
