using System.Globalization;
using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>
/// What is counted, and the fraction of it to remove: <c>{"channels": 0.5}</c>, or <c>channels:0.5</c>.
/// </summary>
internal sealed class TargetValue : OptionValue
{
    private static readonly PlainValue<double> s_ratio = new("");

    private static readonly Dictionary<string, Func<double, PruningTarget>> s_kinds = new()
    {
        ["channels"] = PruningTarget.Channels, ["macs"] = PruningTarget.Macs,
        ["parameters"] = PruningTarget.Parameters, ["latency"] = PruningTarget.Latency,
        ["training-time"] = PruningTarget.TrainingTime,
    };

    public override string Expected =>
        $"an object such as {{\"channels\": 0.5}}, of {string.Join(", ", s_kinds.Keys)} and the fraction to remove, "
        + "between 0 and 1, both excluded";

    public override JsonNode Write(object value)
    {
        var target = (PruningTarget)value;
        return new JsonObject { [DisplayText.Spelled(target.Kind)] = s_ratio.Write(target.Ratio) };
    }

    public override object? Read(JsonNode node, string path, RecipeErrors errors)
    {
        var (kind, ratio) = node switch
        {
            JsonObject { Count: 1 } parts when parts.First() is { Value: JsonValue number } part
                && number.TryGetValue<double>(out var given) => (part.Key, given),
            JsonValue text when text.TryGetValue<string>(out var spelled) => Parse(spelled),
            _ => ("", double.NaN),
        };
        return s_kinds.TryGetValue(kind, out var make) && ratio is > 0 and < 1
            ? make(ratio)
            : Wrong(node, path, errors);
    }

    public override JsonObject WithPart(JsonNode? current, string part, JsonNode? value) => new() { [part] = value };

    private static (string, double) Parse(string text) =>
        text.Split(':') is [var kind, var number]
        && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio)
            ? (kind, ratio)
            : ("", double.NaN);
}
