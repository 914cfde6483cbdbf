using System.Text.Json.Nodes;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>The values of an enumeration by name.</summary>
internal sealed class NamedValue(Type type) : OptionValue
{
    private readonly Dictionary<string, object> _values = Enum.GetValuesAsUnderlyingType(type).Cast<object>()
        .Select(number => (Enum)Enum.ToObject(type, number))
        .ToDictionary(Spelled, value => (object)value);

    public override IReadOnlyList<string> Names => [.. _values.Keys];

    public override string Expected => $"one of {string.Join(", ", Names)}";

    public override JsonNode Write(object value) => JsonValue.Create(Spelled((Enum)value));

    public override object? Read(JsonNode node, string path, RecipeErrors errors)
    {
        if (node is not JsonValue text || !text.TryGetValue<string>(out var name)) return Wrong(node, path, errors);
        if (_values.TryGetValue(name, out var value)) return value;
        var nearest = NearestNames.Of(name, _values.Keys);
        errors.AddValue(path, node, Expected, nearest.Count == 0 ? null : $"Did you mean {nearest[0]}?");
        return null;
    }

    private static string Spelled(Enum value) =>
        value is RetrainingSchedule schedule && Enum.IsDefined(schedule)
            ? RetrainingSchedules.NameOf(schedule)
            : DisplayText.Spelled(value);
}
