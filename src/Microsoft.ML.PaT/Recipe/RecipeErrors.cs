using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>Collects the errors of a recipe for one message.</summary>
/// <param name="lines">The line of each path in the text, from 1; empty without a text.</param>
internal sealed class RecipeErrors(string source, IReadOnlyDictionary<string, int> lines)
{
    private const int LongestValue = 60;
    private readonly List<string> _errors = [];

    /// <summary>Adds an error.</summary>
    /// <param name="error">What is wrong with it, from the verb on: "is 20; it must be 0 to 10."</param>
    public void Add(string path, string error) =>
        _errors.Add(
            lines.TryGetValue(path, out var line) ? $"{source}, line {line}: {path} {error}" : $"{path} {error}");

    /// <param name="expected">The phrase after "it must be".</param>
    /// <param name="hint">A sentence after it, such as "Did you mean adamw?"; null for none.</param>
    public void AddValue(string path, JsonNode? value, string expected, string? hint = null)
    {
        var text = value?.ToJsonString(JsonSerializerOptions.Default) ?? "null";
        if (text.Length > LongestValue) text = text[..LongestValue] + "...";
        Add(path, $"is {text}; it must be {expected}.{(hint is null ? "" : $" {hint}")}");
    }

    /// <summary>Adds a field that does not exist.</summary>
    public void AddUnknown(string path, IEnumerable<string> known)
    {
        var nearest = NearestNames.Of(path, known);
        Add(path, nearest.Count == 0
            ? "is not a field of a recipe (docs/guide/options.md lists them)."
            : $"is not a field of a recipe. Did you mean {string.Join(" or ", nearest)}?");
    }

    /// <exception cref="InvalidOptionsException">There are errors.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
            throw new InvalidOptionsException(ErrorCodes.OptionsInvalid, string.Join(Environment.NewLine, _errors));
    }
}
