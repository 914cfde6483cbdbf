using Microsoft.ML.PaT.Recipe;

namespace Microsoft.ML.PaT;

/// <summary>A field of a recipe, for help texts.</summary>
/// <param name="Path">The path that <see cref="TrainingRecipe.With(string, string)"/> takes:
/// <c>training.batchSize</c>.</param>
/// <param name="Default">The default as JSON; <c>null</c> where it follows from other fields, or there is none.</param>
/// <param name="Allowed">The values that are allowed: <c>2 to 65536 images</c>, <c>one of sgd, adamw, lars</c>.</param>
public sealed record RecipeField(string Path, string Default, string Allowed)
{
    /// <summary>The names that are allowed, if the value is one of a fixed set of names: <c>sgd</c>, <c>adamw</c>,
    /// <c>lars</c>.</summary>
    /// <value>Default empty: the value is not such a name.</value>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>All fields in the order of the JSON.</summary>
    public static IReadOnlyList<RecipeField> All { get; } =
        [.. Below(new TrainingRecipe(), typeof(TrainingRecipe), "")];

    private static IEnumerable<RecipeField> Below(object record, Type type, string path) =>
        OptionField.Of(type).SelectMany(field =>
        {
            var own = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            var value = field.Property.Get(record);
            return field.Value is { } form
                ? [
                    new(own, value is null ? "null" : form.Write(value).ToJsonString(), field.Allowed)
                    {
                        Names = form.Names,
                    },
                ]
                : Below(value ?? OptionRecord.New(field.Property.Type), field.Property.Type, own);
        });
}
