using System.CommandLine;
using System.Globalization;

namespace PaT.Cli;

/// <summary>An option that takes the shape of an image as <c>3x32x32</c>.</summary>
internal static class ShapeOption
{
    private const int MaxPixels = 4096;

    /// <summary>The value; null if the option is not given.</summary>
    public static Option<ImageShape?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "CxHxW",
        CustomParser = argument =>
        {
            var text = argument.Tokens.Count > 0 ? argument.Tokens[^1].Value : "";
            if (Array.ConvertAll(text.Split('x'), Number) is [> 0 and var c, > 0 and var h, > 0 and var w])
                return new ImageShape(c, h, w);
            argument.AddError(
                $"{name} must be channels, height and width, such as 3x32x32, each 1 to {MaxPixels}, but is '{text}'");
            return null;
        },
    };

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= MaxPixels ? n : 0;
}
