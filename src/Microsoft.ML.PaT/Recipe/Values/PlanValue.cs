using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>The groups of a plan and the channels that they keep.</summary>
internal sealed class PlanValue : OptionValue
{
    public override string Expected =>
        "an object of groups and the channels that they keep, such as {\"conv1\": [0, 2]}";

    public override JsonNode Write(object value) => new JsonObject(((PruningPlan)value).Kept
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => KeyValuePair.Create(g.Key, (JsonNode?)new ListValue<int>("").Write(g.Value))));

    public override object? Read(JsonNode node, string path, RecipeErrors errors)
    {
        if (node is not JsonObject groups) return Wrong(node, path, errors);
        var kept = new Dictionary<string, int[]>();
        foreach (var (group, channels) in groups)
        {
            if (ListValue<int>.Items(channels) is not { } list) return Wrong(node, path, errors);
            kept.Add(group, list);
        }
        return new PruningPlan(kept);
    }
}
