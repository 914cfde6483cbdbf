using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Which members of a row class are columns, and of which type.</summary>
internal static class MemberTypes
{
    internal static IEnumerable<MemberInfo> Of(Type userType, SchemaDefinition.Direction direction)
    {
        var fields = userType.GetFields(BindingFlags.Public | BindingFlags.Instance).Where(f => !f.IsLiteral);
        var properties = userType.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0
            && (direction.HasFlag(SchemaDefinition.Direction.Read) && p.GetGetMethod() is not null
                || direction.HasFlag(SchemaDefinition.Direction.Write) && p.GetSetMethod() is not null));
        return fields.Concat<MemberInfo>(properties).Where(m => TypeOf(m) != typeof(IChannel) && m.GetCustomAttribute<NoColumnAttribute>() is null);
    }

    internal static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    internal static DataViewType ColumnType(MemberInfo member)
    {
        var type = TypeOf(member);
        if (DataViewTypeManager.TryGet(type, member.GetCustomAttributes<DataViewTypeAttribute>().ToArray(), out var registered)) return registered;
        var item = ItemType(type, out bool isVector);
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (vector is not null && !isVector)
            throw new ArgumentOutOfRangeException("userType", $"Member {member.Name} has a {nameof(VectorTypeAttribute)} but is a {type}.");
        var key = member.GetCustomAttribute<KeyTypeAttribute>();
        if (key is not null && !KeyDataViewType.IsValidDataType(item))
            throw new ArgumentOutOfRangeException("userType", $"Member {member.Name} has a {nameof(KeyTypeAttribute)} but {item} is no valid type of a key.");
        PrimitiveDataViewType primitive = key is null
            ? PrimitiveTypes.FromType(item) ?? throw new ArgumentOutOfRangeException("userType", $"Could not determine the column type of member {member.Name}: {type} is not supported.")
            : new KeyDataViewType(item, key.KeyCount?.Count ?? PrimitiveTypes.MaxKeyCount(item));
        if (!isVector) return primitive;
        return vector?.Dimensions is { Length: > 0 } dimensions ? new VectorDataViewType(primitive, dimensions) : new VectorDataViewType(primitive, 0);
    }

    /// <summary>The type of a value or of a vector's items, strings taken as the text they hold.</summary>
    internal static Type ItemType(Type type, out bool isVector)
    {
        isVector = true;
        if (type.IsSZArray) return Raw(type.GetElementType());
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>)) return Raw(type.GetGenericArguments()[0]);
        isVector = false;
        return Raw(type);
    }

    /// <summary>How values of a member's type travel through getters.</summary>
    internal static Type RawType(Type memberType)
    {
        var item = ItemType(memberType, out bool isVector);
        return isVector ? typeof(VBuffer<>).MakeGenericType(item) : item;
    }

    private static Type Raw(Type type) => type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type;
}
