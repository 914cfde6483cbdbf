using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace PaT.Cli;

/// <summary>Options that take a number within a range; the help and the error state the range.</summary>
internal static class NumberOption
{
    /// <summary>An option with a default.</summary>
    /// <param name="range">The range in words: completes "must be".</param>
    /// <param name="isValid">Whether a number is in the range.</param>
    public static Option<T> Create<T>(string name, string description, T initial, string range, Func<T, bool> isValid)
        where T : struct, INumber<T> => new(name)
        {
            Description = $"{description}: {range}",
            HelpName = "N",
            DefaultValueFactory = _ => initial,
            CustomParser = argument => Parse(name, argument, range, isValid) ?? default,
        };

    /// <summary>An option without a default.</summary>
    /// <param name="description">What it is, for the help, and what happens without it.</param>
    /// <param name="range">The range in words: completes "must be".</param>
    /// <param name="isValid">Whether a number is in the range.</param>
    public static Option<T?> CreateOptional<T>(string name, string description, string range, Func<T, bool> isValid)
        where T : struct, INumber<T> => new(name)
        {
            Description = $"{description}: {range}",
            HelpName = "N",
            CustomParser = argument => Parse(name, argument, range, isValid),
        };

    private static T? Parse<T>(string name, ArgumentResult argument, string range, Func<T, bool> isValid)
        where T : struct, INumber<T>
    {
        var text = argument.Tokens.Count > 0 ? argument.Tokens[^1].Value : "";
        // No thousands: 0,1 is a mistake, and not 1.
        var style = typeof(T) == typeof(int) ? NumberStyles.Integer : NumberStyles.Float;
        var isNumber = T.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number);
        if (isNumber && isValid(number)) return number;
        argument.AddError($"{name} must be {range}, but is '{text}'");
        return null;
    }
}
