using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

internal sealed class ListValue<T>(string expected) : OptionValue
{
    public override string Expected => expected;

    public override JsonNode Write(object value) =>
        new JsonArray([.. ((IReadOnlyList<T>)value).Select(item => (JsonNode?)JsonValue.Create(item))]);

    public override object? Read(JsonNode node, string path, RecipeErrors errors) =>
        Items(node) is { } items ? items : Wrong(node, path, errors);

    /// <summary>The items of an array; null if it is not an array, or an item is of another type.</summary>
    public static T[]? Items(JsonNode? node)
    {
        if (node is not JsonArray array) return null;
        var items = new List<T>();
        foreach (var item in array)
        {
            if (item is not JsonValue value || !value.TryGetValue<T>(out var read)) return null;
            items.Add(read);
        }
        return [.. items];
    }
}
