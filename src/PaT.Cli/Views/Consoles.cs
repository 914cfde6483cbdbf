using Spectre.Console;

namespace PaT.Cli;

/// <summary>Spectre's view of a writer: colors and live lines on a terminal, plain text in a file.</summary>
internal static class Consoles
{
    /// <summary>A console that writes to a writer.</summary>
    /// <param name="writer">Standard output, standard error, or any other.</param>
    public static IAnsiConsole On(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

    /// <summary>Whether a writer leads to a terminal that can rewrite its lines.</summary>
    /// <param name="writer">The writer.</param>
    public static bool IsTerminal(TextWriter writer) =>
        writer == Console.Error ? !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb" : writer == Console.Out && !Console.IsOutputRedirected;
}
