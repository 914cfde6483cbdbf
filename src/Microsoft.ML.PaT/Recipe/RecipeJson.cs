using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>Recipes as JSON.</summary>
internal static class RecipeJson
{
    private const string VersionName = "schemaVersion";
    private const int NewestVersion = 1;

    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    private static readonly JsonDocumentOptions s_lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false,
    };

    /// <summary>All paths, those of records too: <c>training</c>, <c>training.batchSize</c>.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        [.. FieldsBelow(typeof(TrainingRecipe), "").Select(f => f.Path)];

    /// <summary>The paths of fields that may differ when a run resumes.</summary>
    public static IReadOnlySet<string> FreeOnResume { get; } =
        FieldsBelow(typeof(TrainingRecipe), "")
            .Where(f => f.Field.Property.IsFreeOnResume)
            .Select(f => f.Path)
            .ToHashSet();

    public static string Text(TrainingRecipe recipe) => Write(recipe).ToJsonString(s_indented);

    /// <summary>Writes the recipe alone, without the environment.</summary>
    public static JsonObject Write(TrainingRecipe recipe)
    {
        var json = WriteRecord(recipe, typeof(TrainingRecipe));
        json.Insert(0, VersionName, NewestVersion);
        return json;
    }

    /// <summary>The fields of a type that are not null, in the order of their declaration.</summary>
    public static JsonObject WriteRecord(object record, Type type)
    {
        var json = new JsonObject();
        foreach (var field in OptionField.Of(type))
        {
            if (field.Property.Get(record) is { } value)
                json[field.Name] = field.Value?.Write(value) ?? WriteRecord(value, field.Property.Type);
        }
        return json;
    }

    /// <exception cref="InvalidOptionsException">It is not a recipe.</exception>
    public static TrainingRecipe Read(string text, string source)
    {
        text = text.TrimStart('\uFEFF');
        var json = Parse(text, source);
        if (json["recipe"] is JsonObject && json["epochs"] is JsonArray)
        {
            throw new InvalidOptionsException(
                ErrorCodes.RecipeInvalid,
                $"{source} is the report of a run, not a recipe. Give the recipe.json in its folder, or save the "
                    + "report's field \"recipe\" as a file.");
        }
        var errors = new RecipeErrors(source, JsonLines.Of(text));
        if (json[VersionName] is { } version && version.ToJsonString() != $"{NewestVersion}")
            errors.AddValue(VersionName, version, $"{NewestVersion}, the version that this library reads");
        json.Remove(VersionName);
        var recipe = (TrainingRecipe)RecipeReader.Read(new TrainingRecipe(), typeof(TrainingRecipe), json, "", errors);
        errors.ThrowIfAny();
        return recipe;
    }

    /// <summary>The fields of a type and of the records in it, each after the record that it is in.</summary>
    public static IEnumerable<(string Path, OptionField Field)> FieldsBelow(Type type, string path) =>
        OptionField.Of(type).SelectMany(field =>
        {
            var own = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            return (field.Property.IsRecord ? FieldsBelow(field.Property.Type, own) : []).Prepend((own, field));
        });

    /// <summary>The values of a recipe by path, without those that are null; long ones by their hash.</summary>
    public static IDictionary<string, string> Flatten(TrainingRecipe recipe)
    {
        const int Longest = 80;
        var values = new Dictionary<string, string>();
        Add(recipe, typeof(TrainingRecipe), "");
        return values;

        void Add(object record, Type type, string path)
        {
            foreach (var field in OptionField.Of(type))
            {
                if (field.Property.Get(record) is not { } value) continue;
                var own = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
                if (field.Value is { } form) values[own] = Short(form.Write(value).ToJsonString());
                else Add(value, field.Property.Type, own);
            }
        }

        static string Short(string json) =>
            json.Length <= Longest
                ? json.Trim('"')
                : $"{json[..(Longest / 4)]}... {TextHash.Of(json)}";
    }

    private static JsonObject Parse(string text, string source)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: s_lenient) as JsonObject
                ?? throw new InvalidOptionsException(ErrorCodes.RecipeInvalid, $"{source} must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw new InvalidOptionsException(
                ErrorCodes.RecipeInvalid, $"{source} is not a recipe, which is JSON: {JsonText.Describe(e)}", e);
        }
    }
}
