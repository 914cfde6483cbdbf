using Spectre.Console;

namespace PaT.Cli;

/// <summary>Spectre consoles: colors and live lines on a terminal, plain text in a file.</summary>
internal static class Consoles
{
    public static IAnsiConsole On(TextWriter writer) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

    /// <summary>Whether a writer is a terminal that can rewrite its lines.</summary>
    public static bool IsTerminal(TextWriter writer) => writer == Console.Error
        ? !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb"
        : writer == Console.Out && !Console.IsOutputRedirected;
}
