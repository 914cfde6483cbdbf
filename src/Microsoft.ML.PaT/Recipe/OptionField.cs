using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>A property of an option record as a JSON field.</summary>
internal sealed class OptionField(OptionProperty property)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionField>> s_fields = [];

    public OptionProperty Property => property;

    /// <summary>As in JSON: <c>batchSize</c>.</summary>
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The JSON form of the value; null for a record, which is an object with fields of its own.</summary>
    public OptionValue? Value { get; } = property.IsRecord ? null : OptionValue.For(property.Type, property.Range);

    /// <summary>The phrase after "it must be".</summary>
    public string Allowed => property.Range?.ToString() ?? Value?.Expected ?? "an object";

    /// <summary>The fields of a record in the order of their declaration, without inherited ones.</summary>
    public static IReadOnlyList<OptionField> Of(Type record) =>
        s_fields.GetOrAdd(record, type => [.. OptionProperty.Of(type).Select(p => new OptionField(p))]);
}
