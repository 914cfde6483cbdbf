using System.CommandLine;
using System.Globalization;

namespace PaT.Cli;

/// <summary>An option that sets fields of a recipe. The library parses and checks the value.</summary>
internal sealed class RecipeOption : Option<string?>
{
    private readonly string[] _paths;
    private readonly string _prefix;

    /// <param name="description">Description; the help adds the allowed values, and the default unless it states
    /// one.</param>
    /// <param name="prefix">Text before the value, such as <c>macs:</c>.</param>
    public RecipeOption(string name, string value, string description, string[] paths, string prefix = "")
        : base(name) => (HelpName, Description, _paths, _prefix) = (value, description, paths, prefix);

    /// <summary>The text of the help: description, allowed values, default.</summary>
    public string Help
    {
        get
        {
            if (_prefix.Length > 0) return $"{Description}: between 0 and 1, both excluded";
            var known = RecipeField.All.Single(f => f.Path == _paths[0]);
            var hasNone = Required || known.Default == "null" || HelpPage.StatesDefault(Description);
            var standard = hasNone ? "" : $"; default {known.Default.Trim('"')}";
            return $"{Description}: {known.Allowed}{standard}";
        }
    }

    /// <summary>The recipe with the value, if it was given.</summary>
    /// <exception cref="InvalidOptionsException">The value is not allowed.</exception>
    public TrainingRecipe Apply(TrainingRecipe recipe, ParseResult parsed)
    {
        if (parsed.GetValue(this) is not { } value) return recipe;
        if (_prefix.Length > 0 && !IsFraction(value))
        {
            throw new InvalidOptionsException(
                CliErrorCodes.ArgumentInvalid,
                $"{Name} must be a fraction between 0 and 1, both excluded, not {value}");
        }
        foreach (var path in _paths)
        {
            try
            {
                recipe = recipe.With(path, _prefix + value);
            }
            catch (InvalidOptionsException e)
            {
                throw new InvalidOptionsException(e.Code, e.Message.Replace(path, Name, StringComparison.Ordinal));
            }
        }
        return recipe;
    }

    private static bool IsFraction(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and < 1;
}
