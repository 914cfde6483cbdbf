using System.CommandLine;
using System.Globalization;

namespace PaT.Cli;

/// <summary>An option that takes an image's shape as <c>3x32x32</c>.</summary>
internal static class ShapeOption
{
    private const int MostPixels = 4096;

    /// <summary>The option; null where it is left out.</summary>
    /// <param name="name">Its name with dashes.</param>
    /// <param name="description">What it is, for the help.</param>
    public static Option<ImageShape?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "CxHxW",
        CustomParser = argument =>
        {
            var text = argument.Tokens.Count > 0 ? argument.Tokens[^1].Value : "";
            var numbers = Array.ConvertAll(text.Split('x'), part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= MostPixels ? n : 0);
            if (numbers is [> 0, > 0, > 0])
            {
                return new ImageShape(numbers[0], numbers[1], numbers[2]);
            }

            argument.AddError($"{name} must be channels, height and width, such as 3x32x32, each 1 to {MostPixels}, but is '{text}'");
            return null;
        },
    };
}
