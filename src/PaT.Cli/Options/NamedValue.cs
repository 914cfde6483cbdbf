using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.PaT.Core;

namespace PaT.Cli;

/// <summary>Options that take the name of a value, in lower case with dashes: <c>per-layer</c>. The names stand in the help and in the error.</summary>
internal static class NamedValue
{
    /// <summary>An option with a default.</summary>
    /// <typeparam name="T">The kind of value.</typeparam>
    /// <param name="name">Its name with dashes.</param>
    /// <param name="description">What it is, for the help.</param>
    /// <param name="initial">The default.</param>
    public static Option<T> Create<T>(string name, string description, T initial)
        where T : struct, Enum => new(name)
        {
            Description = $"{description} (default: {Spelled(initial)})",
            HelpName = Names<T>("|"),
            DefaultValueFactory = _ => initial,
            CustomParser = argument => Parse<T>(name, argument) ?? default,
        };

    /// <summary>An option that may be left out.</summary>
    /// <typeparam name="T">The kind of value.</typeparam>
    /// <param name="name">Its name with dashes.</param>
    /// <param name="description">What it is, for the help, with what happens without it.</param>
    public static Option<T?> CreateOptional<T>(string name, string description)
        where T : struct, Enum => new(name)
        {
            Description = description,
            HelpName = Names<T>("|"),
            CustomParser = argument => Parse<T>(name, argument),
        };

    /// <summary>An option that takes the name of a criterion of the library.</summary>
    /// <param name="name">Its name with dashes.</param>
    /// <param name="description">What it is, for the help.</param>
    /// <param name="initial">The default.</param>
    public static Option<Importance> Criterion(string name, string description, Importance initial) => new(name)
    {
        Description = $"{description} (default: {initial.Name})",
        HelpName = string.Join('|', Importance.All.Select(c => c.Name)),
        DefaultValueFactory = _ => initial,
        CustomParser = argument =>
        {
            var text = argument.Tokens.Count > 0 ? argument.Tokens[^1].Value : "";
            var found = Importance.All.FirstOrDefault(c => c.Name == text);
            if (found is null)
            {
                argument.AddError($"{name} must be one of {string.Join(", ", Importance.All.Select(c => c.Name))}, but is '{text}'");
            }

            return found ?? initial;
        },
    };

    private static T? Parse<T>(string name, ArgumentResult argument)
        where T : struct, Enum
    {
        var text = argument.Tokens.Count > 0 ? argument.Tokens[^1].Value : "";
        foreach (var value in Enum.GetValues<T>())
        {
            if (Spelled(value) == text)
            {
                return value;
            }
        }

        argument.AddError($"{name} must be one of {Names<T>(", ")}, but is '{text}'");
        return null;
    }

    private static string Names<T>(string separator)
        where T : struct, Enum => string.Join(separator, Enum.GetValues<T>().Select(v => Spelled(v)));

    private static string Spelled<T>(T value)
        where T : struct, Enum => DisplayText.Spelled(value);
}
