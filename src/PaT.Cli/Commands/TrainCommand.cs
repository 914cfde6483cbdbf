using System.CommandLine;
using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary><c>pat train</c>: one run with everything that can be set.</summary>
internal static class TrainCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var (command, read) = Describe();
        var savePlan = new Option<string?>("--save-plan") { Description = "Write which channels stayed to this file, for --plan of another run", HelpName = "FILE" };
        command.Options.Add(savePlan);
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            var settings = read(parsed);
            return settings.Workers > 1
                ? new MpiGroup([.. parsed.Tokens.Select(t => t.Value)], settings, io.Output, io.Error).RunAsync(cancellation)
                : RunAsync(settings, parsed.GetValue(savePlan), io.Output, io.Error, cancellation);
        });
        return command;
    }

    /// <summary>What a command line asks for, without running it.</summary>
    /// <param name="commandLine">The command line, beginning with <c>train</c>.</param>
    /// <exception cref="PaTException">It cannot be understood, or options contradict each other.</exception>
    public static PruningAwareTrainingOptions Options(string[] commandLine)
    {
        var (command, read) = Describe();
        var parsed = new RootCommand { command }.Parse(commandLine);
        return parsed.Errors.Count == 0 ? read(parsed).Options : throw new InvalidOptionsException(string.Join("; ", parsed.Errors.Select(e => OneLine.Of(e.Message))));
    }

    private static (Command Command, Func<ParseResult, RunSettings> Read) Describe()
    {
        var arguments = new RunArguments(epochs: 30, images: null, Path.Combine("runs", "train"));
        var checkpoints = new CheckpointArguments();
        var distributed = new DistributedArguments();
        var tensorBoard = new Option<string?>("--tensorboard") { Description = "Also write an event file for TensorBoard into this folder", HelpName = "DIR" };
        var command = new Command("train", "Train once, prune on the way, test, and write model.zip, model.pat, compact.onnx, report.json and report.html.");
        arguments.AddTo(command);
        checkpoints.AddTo(command);
        distributed.AddTo(command);
        command.Options.Add(tensorBoard);
        return (command, parsed =>
        {
            var settings = distributed.Apply(checkpoints.Apply(arguments.Read(parsed), parsed), parsed);
            return settings with { Options = settings.Options with { TensorBoardFolder = parsed.GetValue(tensorBoard) } };
        });
    }

    private static async Task<int> RunAsync(RunSettings settings, string? savePlan, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (settings.Options.Distributed?.Join().Rank > 0)
        {
            return await FollowAsync(settings, cancellation);
        }

        var folder = ResultFolder.Open(settings.Out);
        var set = await new ImageSources(error.WriteLine).FindAsync(settings.Data, cancellation);
        var split = DataSplit.Of(set, settings, error.WriteLine, cancellation);
        using var run = ProgressView.Watch(error, settings.Options.Network.Name, observer => TrainingRun.Fit(
            set, split, settings.Options with { Observers = [observer], CancellationToken = cancellation }, settings.Device is null));
        Skipped.Write(error, run.Report.Images);
        if (savePlan is not null)
        {
            SavePlan(run, savePlan, error);
        }

        folder.Complete(run, error.WriteLine);
        ResultTable.Write(output, [.. ModelColumn.Of(run.Report, reference: null)]);
        if (run.Report is { PredictedLatencyMs: { } predicted, Compact.LatencyMs: { } measured })
        {
            output.WriteLine(FormattableString.Invariant($"latency at batch {run.Report.LatencyBatch}: predicted {predicted:F2} ms, measured {measured:F2} ms"));
        }

        output.WriteLine($"dataset: {set.Name}, {run.Report.Images.Training:N0} training and {split.Test.Count:N0} test images");
        output.WriteLine($"written: {folder.Model}, {folder.Archive}, {folder.Onnx(run.Report)}, {folder.Json}, {folder.Html}");
        if (run.Report.Stopped)
        {
            error.WriteLine("to go on: the same command with --resume");
        }

        return run.Report.Stopped ? PatCommandLine.Stopped : 0;
    }

    /// <summary>Trains as a rank other than 0, which shows, tests and writes nothing.</summary>
    private static async Task<int> FollowAsync(RunSettings settings, CancellationToken cancellation)
    {
        var set = await new ImageSources(_ => { }).FindAsync(settings.Data, cancellation);
        var split = DataSplit.Of(set, settings, _ => { }, cancellation);
        using var run = TrainingRun.Fit(set, split, settings.Options with { CancellationToken = cancellation }, settings.Device is null);
        return 0; // mpirun ends the others at any other code, and rank 0 may still write
    }

    /// <summary>A plan that cannot be written must not cost the model.</summary>
    private static void SavePlan(TrainingRun run, string file, TextWriter error)
    {
        if (run.Plan is null)
        {
            error.WriteLine($"nothing was pruned, so there is no plan to write to {file}");
            return;
        }

        try
        {
            run.Plan.Save(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"the plan cannot be written to {file}: {e.Message}");
        }
    }
}
