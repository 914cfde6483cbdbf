using System.CommandLine;

namespace PaT.Cli;

/// <summary>Options with a fixed set of values.</summary>
internal static class Choice
{
    /// <summary>Rejects other values with a message that has the name of the option.</summary>
    public static Option<T> OneOf<T>(this Option<T> option, params string[] names)
    {
        option.CompletionSources.Add(names);
        option.Validators.Add(result =>
        {
            foreach (var given in result.Tokens.Select(t => t.Value).Where(value => !names.Contains(value)))
            {
                result.AddError($"{option.Name} must be one of {string.Join(", ", names)}, but is '{given}'."
                    + NearestNames.Question(given, names));
            }
        });
        return option;
    }
}
