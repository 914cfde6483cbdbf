using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>Reads option records from JSON objects.</summary>
internal static class RecipeReader
{
    /// <summary>A copy of a record with the fields that a JSON object has.</summary>
    /// <param name="record">The record; not changed.</param>
    /// <param name="path">Path of the record; empty for the recipe.</param>
    /// <param name="errors">Receives unknown fields and wrong values.</param>
    public static object Read(object record, Type type, JsonObject json, string path, RecipeErrors errors)
    {
        var copy = OptionRecord.Copy(record);
        foreach (var (name, node) in json)
        {
            var own = path.Length == 0 ? name : $"{path}.{name}";
            if (OptionField.Of(type).FirstOrDefault(f => f.Name == name) is not { } field)
                errors.AddUnknown(own, RecipeJson.FieldsBelow(type, path).Select(f => f.Path).Concat(RecipeJson.Paths));
            else if (TryRead(field, copy, node, own, errors, out var value))
                field.Property.Set(copy, value);
        }
        return copy;
    }

    private static bool TryRead(
        OptionField field, object record, JsonNode? node, string path, RecipeErrors errors, out object? value)
    {
        value = null;
        if (node is null)
        {
            if (!field.Property.MayBeNull) errors.AddValue(path, node, field.Allowed);
            return field.Property.MayBeNull;
        }
        if (field.Value is { } form)
        {
            value = form.Read(node, path, errors);
            if (value is null || field.Property.Allows(value)) return value is not null;
            errors.AddValue(path, node, field.Allowed);
            return false;
        }
        if (node is not JsonObject json)
        {
            errors.AddValue(path, node, field.Allowed);
            return false;
        }
        value = Read(
            field.Property.Get(record) ?? OptionRecord.New(field.Property.Type),
            field.Property.Type,
            json,
            path,
            errors);
        return true;
    }
}
