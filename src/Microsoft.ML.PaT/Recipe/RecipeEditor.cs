using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>Sets single fields of recipes by path and text.</summary>
internal static class RecipeEditor
{
    /// <exception cref="InvalidOptionsException">There is no such field, or the value is not allowed.</exception>
    public static TrainingRecipe With(TrainingRecipe recipe, string path, string value)
    {
        var names = path.Split('.');
        // Takes the first valid interpretation; without one, reports the errors of the most likely one.
        InvalidOptionsException? first = null;
        foreach (var node in Readings(value))
        {
            var errors = new RecipeErrors("", new Dictionary<string, int>());
            var json = Nest(recipe, typeof(TrainingRecipe), names, node);
            var changed = (TrainingRecipe)RecipeReader.Read(recipe, typeof(TrainingRecipe), json, "", errors);
            try
            {
                errors.ThrowIfAny();
                return changed;
            }
            catch (InvalidOptionsException e)
            {
                first ??= e;
            }
        }
        throw first!;
    }

    /// <summary>The interpretations of a text: JSON, text without quotes, a list without brackets.</summary>
    private static IEnumerable<JsonNode?> Readings(string text)
    {
        if (TryParse(text, out var json)) yield return json;
        yield return JsonValue.Create(text);
        var items = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (TryParse($"[{text}]", out var list)) yield return list;
        yield return new JsonArray([.. items.Select(item => (JsonNode?)JsonValue.Create(item))]);
    }

    private static bool TryParse(string text, out JsonNode? json)
    {
        try
        {
            json = JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            json = null;
            return false;
        }
    }

    /// <summary>
    /// The object that sets one field: <c>{"training": {"mixup": 0.2}}</c>. Unknown names stay as they are.
    /// </summary>
    private static JsonObject Nest(object? record, Type type, ReadOnlySpan<string> names, JsonNode? value)
    {
        var first = names[0];
        var field = OptionField.Of(type).FirstOrDefault(f => f.Name.Equals(first, StringComparison.OrdinalIgnoreCase));
        if (field is null) return new() { [string.Join('.', names)] = value?.DeepClone() };
        if (names.Length == 1) return new() { [field.Name] = value?.DeepClone() };
        var current = record is null ? null : field.Property.Get(record);
        if (field.Value is not { } form)
            return new() { [field.Name] = Nest(current, field.Property.Type, names[1..], value) };
        return
            names.Length == 2
            && form.WithPart(current is null ? null : form.Write(current), names[1], value) is { } parts
            ? new() { [field.Name] = parts }
            : new() { [string.Join('.', names)] = value?.DeepClone() };
    }
}
