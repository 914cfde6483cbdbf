using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

internal sealed class NormalizationValue : OptionValue
{
    private const string ImageNet = "imagenet";
    private const string Mean = "mean", StandardDeviation = "standardDeviation";
    private static readonly ListValue<float> s_list = new("");

    public override string Expected =>
        $"{ImageNet}, or an object of {Mean} and {StandardDeviation}, each a list of one number per channel, in units "
            + "of 0 to 1";

    public override JsonNode Write(object value)
    {
        var normalization = (Normalization)value;
        return new JsonObject
        {
            [Mean] = s_list.Write(normalization.Mean),
            [StandardDeviation] = s_list.Write(normalization.StandardDeviation),
        };
    }

    public override object? Read(JsonNode node, string path, RecipeErrors errors) =>
        node is JsonValue name && name.TryGetValue<string>(out var text)
        && text.Equals(ImageNet, StringComparison.OrdinalIgnoreCase)
            ? Normalization.ImageNet
        : node is JsonObject { Count: 2 } parts
        && ListValue<float>.Items(parts[Mean]) is { Length: > 0 } mean
        && ListValue<float>.Items(parts[StandardDeviation]) is { Length: > 0 } deviation
        && mean.Length == deviation.Length
            ? new Normalization(mean, deviation)
            : Wrong(node, path, errors);
}
