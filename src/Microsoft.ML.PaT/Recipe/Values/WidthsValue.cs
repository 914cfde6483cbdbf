using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>Channels by layer.</summary>
internal sealed class WidthsValue : OptionValue
{
    public override string Expected => "an object of layers and their channels, such as {\"conv1\": 8}";

    public override JsonNode Write(object value) => new JsonObject(((IReadOnlyDictionary<string, int>)value)
        .OrderBy(w => w.Key, StringComparer.Ordinal)
        .Select(w => KeyValuePair.Create(w.Key, (JsonNode?)JsonValue.Create(w.Value))));

    public override object? Read(JsonNode node, string path, RecipeErrors errors)
    {
        if (node is not JsonObject layers) return Wrong(node, path, errors);
        var widths = new Dictionary<string, int>();
        foreach (var (layer, channels) in layers)
        {
            if (channels is not JsonValue value || !value.TryGetValue<int>(out var width))
                return Wrong(node, path, errors);
            widths.Add(layer, width);
        }
        return widths;
    }
}
