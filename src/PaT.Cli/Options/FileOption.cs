using System.CommandLine;

namespace PaT.Cli;

/// <summary>Options that take a file to read.</summary>
internal static class FileOption
{
    /// <summary>The path of the file; null if the option is not given.</summary>
    /// <exception cref="InvalidInputFileException">There is no such file; the message names the option.</exception>
    public static string? ExistingFile(this ParseResult parsed, Option<string?> option)
    {
        var path = parsed.GetValue(option);
        return path is null || Path.Exists(path)
            ? path
            : throw new InvalidInputFileException($"{option.Name} is '{path}'; there is no such file");
    }
}
