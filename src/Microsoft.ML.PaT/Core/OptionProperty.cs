using System.Collections.Concurrent;
using System.Reflection;

namespace Microsoft.ML.PaT.Core;

/// <summary>A property of an option record that can be set, with its range.</summary>
internal sealed class OptionProperty
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionProperty>> s_properties = [];
    private readonly PropertyInfo _property;

    private OptionProperty(PropertyInfo property)
    {
        _property = property;
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        MayBeNull = new NullabilityInfoContext().Create(property).WriteState != NullabilityState.NotNull;
        Range = property.GetCustomAttribute<InRangeAttribute>();
        IsFreeOnResume = property.IsDefined(typeof(FreeOnResumeAttribute));
    }

    public string Name => _property.Name;

    /// <summary>Without <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; }

    public bool MayBeNull { get; }

    public InRangeAttribute? Range { get; }

    public bool IsFreeOnResume { get; }

    /// <summary>Whether the value is a record with properties of its own.</summary>
    public bool IsRecord => IsRecordType(Type);

    /// <summary>The properties in the order of their declaration, without inherited ones.</summary>
    public static IReadOnlyList<OptionProperty> Of(Type record) => s_properties.GetOrAdd(record, type =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(p => p.SetMethod is not null)
            .Select(p => new OptionProperty(p)),
    ]);

    /// <summary>A sentence for each value that is out of its range, in the records within too.</summary>
    /// <param name="prefix">The name of the record and a dot; empty for the outermost.</param>
    public static IEnumerable<string> Errors(object record, Type type, string prefix)
    {
        foreach (var property in Of(type))
        {
            var (name, value) = (prefix + property.Name, property.Get(record));
            if (!property.Allows(value))
            {
                yield return FormattableString.Invariant(
                    $"{name} is {value ?? "null"}; it must be {property.Allowed}.");
            }
            else if (value is not null && IsRecordType(value.GetType()))
                foreach (var error in Errors(value, value.GetType(), name + ".")) yield return error;
        }
    }

    public object? Get(object record) => _property.GetValue(record);

    /// <summary>Sets the property, which may be init-only, of a copy that is not in use yet.</summary>
    public void Set(object record, object? value) => _property.SetValue(record, value);

    /// <summary>Whether a value is in the range. Null is valid if the property may be null.</summary>
    public bool Allows(object? value) => value switch
    {
        null => MayBeNull,
        Enum named => Enum.IsDefined(Type, named),
        IConvertible number when Range is { } range => range.Allows(Convert.ToDouble(number, null)),
        _ => true,
    };

    private string Allowed =>
        Range?.ToString() ?? (Type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(Type))}" : "set");

    private static bool IsRecordType(Type type) =>
        type.GetConstructor(Type.EmptyTypes) is not null && type.GetMethod("<Clone>$") is not null;
}
