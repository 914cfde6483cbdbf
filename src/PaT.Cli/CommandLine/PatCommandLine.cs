using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PaT.Cli;

/// <summary>The commands, and the one place where an error becomes a line and an exit code: 0 success, 1 error, 130 stopped.</summary>
internal static class PatCommandLine
{
    /// <summary>The exit code of a run that was stopped by its user, as shells have it.</summary>
    public const int Stopped = 130;

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">What was typed; nothing, or options alone, means <c>quickstart</c>.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For progress and errors.</param>
    /// <param name="cancellation">Stops the command after it has written what there is.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var root = Describe();
        var parsed = root.Parse(WithCommand(root, arguments));
        if (parsed.Action is ParseErrorAction)
        {
            error.WriteLine($"error: {string.Join("; ", parsed.Errors.Select(e => OneLine.Of(e.Message)))} (see: {string.Join(' ', ["pat", .. CommandOf(parsed), "--help"])})");
            return 1;
        }

        try
        {
            var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine("stopped");
            return Stopped;
        }
        catch (Exception e)
        {
            error.WriteLine($"error: {OneLine.Of(e)}");
            return 1;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Describe() => new("Train an image classifier that prunes itself while it trains. Without a command: quickstart.")
    {
        QuickstartCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        PredictCommand.Create(),
        ExportCommand.Create(),
        EpiCommand.Create(),
        InfoCommand.Create(),
        GroupsCommand.Create(),
        SensitivityCommand.Create(),
        ScheduleCommand.Create(),
        SweepCommand.Create(),
        OracleCommand.Create(),
        RetrainingCommand.Create(),
        CompareCommand.Create(),
        CellCommand.Create(),
    };

    private static string[] WithCommand(RootCommand root, string[] arguments)
    {
        var forRoot = arguments.Length > 0 && (!arguments[0].StartsWith("--", StringComparison.Ordinal)
            || root.Options.Any(o => o is HelpOption or VersionOption && (o.Name == arguments[0] || o.Aliases.Contains(arguments[0]))));
        return forRoot ? arguments : ["quickstart", .. arguments];
    }

    private static string[] CommandOf(ParseResult parsed) => parsed.CommandResult.Command is RootCommand ? [] : [parsed.CommandResult.Command.Name];
}
