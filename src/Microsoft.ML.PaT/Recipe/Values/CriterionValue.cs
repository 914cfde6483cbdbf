using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe.Values;

/// <summary>A criterion of the library by its name.</summary>
internal sealed class CriterionValue : OptionValue
{
    private const string Code = "code";

    public override IReadOnlyList<string> Names => [.. Importance.All.Select(c => c.Name)];

    public override string Expected => $"one of {string.Join(", ", Names)}";

    public override JsonNode Write(object value) => value is Importance criterion && Importance.All.Contains(criterion)
        ? JsonValue.Create(criterion.Name)
        : new JsonObject { [Code] = value.ToString() };

    public override object? Read(JsonNode node, string path, RecipeErrors errors)
    {
        if (node is JsonObject { Count: 1 } code && code[Code] is { } text)
        {
            errors.Add(path, $"is {text}, which is defined in code; set Pruning.Criterion in code.");
            return null;
        }
        if (node is not JsonValue plain || !plain.TryGetValue<string>(out var name)) return Wrong(node, path, errors);
        if (Importance.All.FirstOrDefault(c => c.Name == name) is { } known) return known;
        var nearest = NearestNames.Of(name, Names);
        errors.AddValue(path, node, Expected, nearest.Count == 0 ? null : $"Did you mean {nearest[0]}?");
        return null;
    }
}
