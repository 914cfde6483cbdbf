using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>A file by its path, or an object if the classifier is reset.</summary>
internal sealed class WeightsValue : OptionValue
{
    private const string File = "path", Reset = "resetClassifier";

    public override string Expected =>
        $"the path of a file, or an object such as {{\"{File}\": \"file\", \"{Reset}\": true}}";

    public override JsonNode Write(object value)
    {
        var weights = (WeightsFile)value;
        return weights.ResetClassifier
            ? new JsonObject { [File] = weights.Path, [Reset] = true }
            : JsonValue.Create(weights.Path);
    }

    public override object? Read(JsonNode node, string path, RecipeErrors errors)
    {
        if (node is JsonValue plain && plain.TryGetValue<string>(out var name)) return new WeightsFile(name);
        if (node is not JsonObject parts || parts.Any(p => p.Key is not (File or Reset)))
            return Wrong(node, path, errors);
        var reset = false;
        return parts[File] is JsonValue file && file.TryGetValue<string>(out var text)
            && (parts[Reset] is null || (parts[Reset] is JsonValue flag && flag.TryGetValue(out reset)))
                ? new WeightsFile(text) { ResetClassifier = reset }
                : Wrong(node, path, errors);
    }

    public override JsonObject WithPart(JsonNode? current, string part, JsonNode? value)
    {
        var parts = current as JsonObject ?? (current is null ? [] : new JsonObject { [File] = current.DeepClone() });
        parts[part] = value;
        return parts;
    }
}
