using System.CommandLine;
using System.Globalization;

namespace PaT.Cli;

/// <summary>Options with comma-separated values.</summary>
internal static class ListOption
{
    /// <summary>A list of names.</summary>
    public static Option<string[]> Names(string name, string description, params string[] initial) =>
        Names(name, description, () => initial);

    /// <summary>A list of names whose default is computed when it is needed.</summary>
    public static Option<string[]> Names(string name, string description, Func<string[]> initial) => new(name)
    {
        Description = description,
        HelpName = "A,B,...",
        DefaultValueFactory = _ => initial(),
        CustomParser = argument => Items(argument.Tokens.Select(t => t.Value)),
    };

    /// <summary>A list of numbers.</summary>
    /// <param name="range">The range in words: completes "must be".</param>
    /// <param name="isValid">Whether a number is in the range.</param>
    public static Option<double[]> Numbers(
        string name, string description, string range, Func<double, bool> isValid, params double[] initial) => new(name)
        {
            Description = $"{description}: {range}",
            HelpName = "A,B,...",
            DefaultValueFactory = _ => initial,
            CustomParser = argument =>
            {
                var numbers = Array.ConvertAll(Items(argument.Tokens.Select(t => t.Value)), Number);
                if (numbers.Length == 0 || !Array.TrueForAll(numbers, n => double.IsFinite(n) && isValid(n)))
                {
                    var text = string.Join(' ', argument.Tokens.Select(t => t.Value));
                    argument.AddError(
                        $"{name} must be numbers with commas between them, each {range}, but is '{text}'");
                }
                return [.. numbers.Distinct()];
            },
        };

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    private static string[] Items(IEnumerable<string> tokens)
    {
        const StringSplitOptions Clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return [.. tokens.SelectMany(t => t.Split(',', Clean)).Distinct()];
    }
}
