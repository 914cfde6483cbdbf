using System.Text.RegularExpressions;

namespace Microsoft.ML.PaT.Core;

/// <summary>Names of layers in options: * stands for any letters, ? for any one.</summary>
internal static class NamePattern
{
    public static bool Fits(string pattern, string name) =>
        Regex.IsMatch(
            name,
            "^"
                + Regex
                    .Escape(pattern)
                    .Replace("\\*", ".*", StringComparison.Ordinal)
                    .Replace("\\?", ".", StringComparison.Ordinal)
                + "$",
            RegexOptions.NonBacktracking);
}
