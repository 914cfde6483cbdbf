using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PaT.Cli;

/// <summary>The commands, and the conversion of errors to messages and exit codes.</summary>
internal static class PatCommandLine
{
    /// <summary>
    /// Exit code of a run that the user stopped by Ctrl-C, as in shells. Success is 0, an error 1.
    /// </summary>
    public const int Stopped = 130;

    /// <summary>Exit code of a run that a termination request stopped.</summary>
    public const int Terminated = 143;

    /// <summary>Runs one command and returns its exit code.</summary>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives progress and errors.</param>
    /// <param name="cancellation">Stops the command after it has written finished results.</param>
    public static async Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (Array.IndexOf(arguments, "") is >= 0 and var empty)
        {
            var where = empty > 0 ? $"after '{arguments[empty - 1]}'" : "at the start";
            error.WriteLine($"error: there is an empty argument {where}: give a value, or leave it out");
            return 1;
        }
        var root = Describe();
        var parsed = root.Parse(WithCommand(root, arguments));
        if (parsed.Action is ParseErrorAction)
        {
            error.WriteLine($"error: {Problems(parsed)}");
            return 1;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine("stopped");
            return Stopped;
        }
        catch (Exception e)
        {
            error.WriteLine($"error: {OneLine.Of(e, parsed)}");
            return 1;
        }
    }

    public static RootCommand Describe()
    {
        var root = new RootCommand(
            "Train image classifiers that are pruned while they train. Without a command: quickstart.")
        {
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            ExportCommand.Create(),
            PruneCommand.Create(),
            SweepCommand.Create(),
            QuickstartCommand.Create(),
            InspectCommand.Create(),
            StudyCommand.Create(),
        };
        root.Options.OfType<HelpOption>().Single().Action = new HelpPage();
        return root;
    }

    /// <summary>The words of a command, starting with <c>pat</c>.</summary>
    public static IEnumerable<string> PathOf(Command command) =>
        command is RootCommand ? ["pat"] : [.. PathOf(command.Parents.OfType<Command>().First()), command.Name];

    /// <summary>The error of a mistyped option or command.</summary>
    public static string HasNo(Command command, string token)
    {
        var known = command.Options.Select(o => o.Name)
            .Concat(command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
        return $"{string.Join(' ', PathOf(command))} has no '{token}'.{NearestNames.Question(token, known)}";
    }

    private static string Problems(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var (path, unknown) = (string.Join(' ', PathOf(command)), Unknown(parsed));
        var commands = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();
        var problems = unknown.Count > 0 ? unknown.Select(token => HasNo(command, token))
            : commands.Count > 0 ? [$"{path} needs one of {string.Join(", ", commands)}"]
            : parsed.Errors.Select(e => OptionNames.In(e.Message, parsed));
        return $"{string.Join("; ", problems.Select(p => OneLine.Of(p)))} (see: {path} --help)";
    }

    /// <summary>The tokens that are mistyped.</summary>
    private static IReadOnlyList<string> Unknown(ParseResult parsed)
    {
        var unknown = parsed.UnmatchedTokens;
        // After an unknown command, everything is meant for it.
        if (parsed.CommandResult.Command.Subcommands.Count > 0) return [.. unknown.Take(1)];
        // The token after an unknown option is its value.
        return unknown.Any(IsOption) ? [.. unknown.Where(IsOption)] : unknown;

        static bool IsOption(string token) => token.StartsWith('-');
    }

    private static string[] WithCommand(RootCommand root, string[] arguments)
    {
        if (arguments.Length == 0) return ["quickstart"];
        var isOption = arguments[0].StartsWith("--", StringComparison.Ordinal);
        return isOption && !root.Options.Any(o => o.Name == arguments[0]) ? ["quickstart", .. arguments] : arguments;
    }
}
