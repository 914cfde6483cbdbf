namespace PaT.Cli.Tests;

/// <summary>Runs the command line within the test's process.</summary>
internal static class Pat
{
    public static (int ExitCode, string[] Output, string[] Error) Run(params string[] arguments) =>
        Run(CancellationToken.None, arguments);

    public static (int ExitCode, string[] Output, string[] Error) Run(
        CancellationToken cancellation, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var exitCode = PatCommandLine.RunAsync(arguments, output, error, cancellation).GetAwaiter().GetResult();
        return (exitCode, Lines(output), Lines(error));
    }

    private static string[] Lines(StringWriter writer) =>
        writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
