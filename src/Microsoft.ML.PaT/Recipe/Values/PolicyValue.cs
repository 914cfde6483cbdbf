using System.Text.Json.Nodes;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>
/// A policy by its name, or an object of its <c>kind</c> and settings if some are not the defaults.
/// </summary>
internal sealed class PolicyValue : OptionValue
{
    private const string Kind = "kind";

    /// <summary>The policies that have settings, with their defaults; an epoch is part of the name.</summary>
    public static IEnumerable<PruningPolicy> WithSettings =>
        PruningPolicy.Named.Where(p => p is not FixedEpochPolicy && OptionField.Of(p.GetType()).Count > 0);

    public override string Expected => $"one of {string.Join(", ", PruningPolicy.Names)}, or an object such as "
        + $"{{\"{Kind}\": \"epi\", \"tau\": 0.98}}";

    public override JsonNode Write(object value)
    {
        var policy = (PruningPolicy)value;
        if (PruningPolicy.Find(policy.Name) is not { } known || known.GetType() != policy.GetType())
            return new JsonObject { ["code"] = policy.ToString() };
        if (policy.Equals(known)) return JsonValue.Create(policy.Name);
        var (given, defaults) =
            (RecipeJson.WriteRecord(policy, policy.GetType()), RecipeJson.WriteRecord(known, known.GetType()));
        return new JsonObject(given.Where(s => !JsonNode.DeepEquals(s.Value, defaults[s.Key]))
            .Select(s => KeyValuePair.Create(s.Key, s.Value?.DeepClone()))
            .Prepend(KeyValuePair.Create(Kind, (JsonNode?)policy.Name)));
    }

    public override object? Read(JsonNode node, string path, RecipeErrors errors)
    {
        if (node is JsonObject { Count: 1 } code && code["code"] is { } text)
        {
            errors.Add(path, $"is {text}, which is defined in code; set Pruning.Policy in code.");
            return null;
        }
        var kind = node is JsonObject parts ? parts[Kind] : node;
        if (kind is not JsonValue plain || !plain.TryGetValue<string>(out var name)) return Wrong(node, path, errors);
        if (PruningPolicy.Find(name) is not { } policy)
        {
            errors.AddValue(path, node, Expected, PruningPolicy.HintFor(name));
            return null;
        }
        if (node is not JsonObject settings) return policy;
        var rest = (JsonObject)settings.DeepClone();
        rest.Remove(Kind);
        return RecipeReader.Read(policy, policy.GetType(), rest, path, errors);
    }

    public override JsonObject WithPart(JsonNode? current, string part, JsonNode? value)
    {
        var settings = current as JsonObject ?? new JsonObject { [Kind] = current?.DeepClone() };
        settings[part] = value;
        return settings;
    }
}
