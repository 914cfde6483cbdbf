using System.Globalization;
using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>Numbers, text, true and false.</summary>
internal sealed class PlainValue<T>(string expected) : OptionValue
    where T : notnull
{
    public override string Expected => expected;

    /// <summary>JSON has no numbers that are not finite: they are text, which reading refuses.</summary>
    public override JsonNode Write(object value) => value is double number && !double.IsFinite(number)
        ? JsonValue.Create(number.ToString(CultureInfo.InvariantCulture))
        : JsonValue.Create((T)value)!;

    public override object? Read(JsonNode node, string path, RecipeErrors errors) =>
        node is JsonValue plain && plain.TryGetValue<T>(out var value) ? value : Wrong(node, path, errors);
}
