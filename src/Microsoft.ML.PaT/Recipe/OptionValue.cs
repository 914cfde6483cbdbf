using System.Text.Json.Nodes;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Recipe.Values;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>The JSON form of the values of a type.</summary>
internal abstract class OptionValue
{
    /// <summary>The phrase after "it must be".</summary>
    public abstract string Expected { get; }

    /// <summary>The names, if the value is one of a fixed set of names; else empty.</summary>
    public virtual IReadOnlyList<string> Names => [];

    /// <summary>The JSON form of a type that is not a record.</summary>
    /// <param name="range">Range of a number; null for none.</param>
    public static OptionValue For(Type type, InRangeAttribute? range) =>
        type == typeof(bool) ? new PlainValue<bool>("true or false")
        : type == typeof(int) ? new PlainValue<int>("a whole number" + Suffix(range))
        : type == typeof(double) ? new PlainValue<double>("a number" + Suffix(range))
        : type == typeof(string) ? new PlainValue<string>("text")
        : type == typeof(IReadOnlyList<int>) ? new ListValue<int>("a list of whole numbers")
        : type == typeof(IReadOnlyList<string>) ? new ListValue<string>("a list of text")
        : type == typeof(IReadOnlyDictionary<string, int>) ? new WidthsValue()
        : type == typeof(Normalization) ? new NormalizationValue()
        : type == typeof(NetworkArchitecture) ? new NetworkValue()
        : type == typeof(WeightsFile) ? new WeightsValue()
        : type == typeof(PruningTarget) ? new TargetValue()
        : type == typeof(PruningPolicy) ? new PolicyValue()
        : type == typeof(Importance) ? new CriterionValue()
        : type == typeof(PruningPlan) ? new PlanValue()
        : type.IsEnum ? new NamedValue(type)
        : throw new NotSupportedException($"{type} has no JSON form.");

    public abstract JsonNode Write(object value);

    /// <summary>The value of a node; null after an error was added.</summary>
    public abstract object? Read(JsonNode node, string path, RecipeErrors errors);

    /// <summary>
    /// The JSON after a part of it was set: <c>pruning.policy.tau</c>. Null if there are no parts.
    /// </summary>
    /// <param name="current">What <see cref="Write"/> gives for the present value; null for none.</param>
    public virtual JsonObject? WithPart(JsonNode? current, string part, JsonNode? value) => null;

    private static string Suffix(InRangeAttribute? range) => range is null ? "" : $", {range}";

    protected object? Wrong(JsonNode node, string path, RecipeErrors errors)
    {
        errors.AddValue(path, node, Expected);
        return null;
    }
}
