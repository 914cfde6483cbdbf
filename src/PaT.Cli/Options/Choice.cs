using System.CommandLine;
using Microsoft.ML.PaT.Internal;

namespace PaT.Cli;

/// <summary>Options whose values are names of a few.</summary>
internal static class Choice
{
    /// <summary>Refuses other values, with the name of the option in the message.</summary>
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
