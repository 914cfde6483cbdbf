using System.CommandLine;

namespace PaT.Cli;

/// <summary><c>pat train</c>: one run.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var (command, read) = Describe();
        var savePlan = new Option<string?>("--save-plan")
        {
            Description = "Write the kept channels to this file, for --plan of another run", HelpName = "FILE",
        };
        var attached = new Option<bool>(ParentPipe.Option) { Description = ParentPipe.Description, Hidden = true };
        command.Add(new OptionGroup("Output", savePlan));
        command.Add(attached);
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            var settings = read(parsed);
            // Before any process starts, so that only one process downloads.
            settings = await new GivenWeights(io.Error.WriteLine).FindAsync(settings, cancellation);
            if (settings.Workers > 1)
            {
                string[] arguments = [.. parsed.Tokens.Select(t => t.Value)];
                return await new MpiGroup(arguments, settings, io.Output, io.Error).RunAsync(cancellation);
            }
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                if (settings.Options.Distributed?.Join().Rank > 0) return await FollowAsync(settings, cancellation);
                if (parsed.GetValue(attached)) ParentPipe.StopWithInput(stop);
                return await RunAsync(settings, parsed.GetValue(savePlan), io.Output, io.Error, stop.Token);
            }
            catch (Exception e)
            {
                DistributedOptions.Fail(e); // the other processes would wait for this one
                throw;
            }
        });
        return command;
    }

    /// <summary>The settings of a command line, without running it.</summary>
    /// <exception cref="PaTException">The command line cannot be parsed, or options contradict each other.</exception>
    public static PruningAwareTrainingOptions Options(params string[] commandLine)
    {
        var (command, read) = Describe();
        var parsed = new RootCommand { command }.Parse(commandLine);
        return parsed.Errors.Count == 0
            ? read(parsed).Options
            : throw new InvalidOptionsException(
                CliErrorCodes.ArgumentInvalid,
                string.Join("; ", parsed.Errors.Select(e => OneLine.Of(e.Message))));
    }

    private static (GroupedCommand Command, Func<ParseResult, RunSettings> Read) Describe()
    {
        var arguments = new RunArguments(new(), limit: null, Path.Combine("runs", "train"), ResultFolder.Files);
        var (checkpoints, processes) = (new CheckpointArguments(), new ProcessArguments());
        var tensorBoard = new Option<string?>("--tensorboard")
        {
            Description = "Also write an event file for TensorBoard into this folder", HelpName = "DIR",
        };
        const string Description = $"Train, prune during training, test, and write {ResultFolder.Files}.";
        var command = new GroupedCommand("train", Description);
        foreach (var group in arguments.Groups) command.Add(group);
        command.Add(checkpoints.Group);
        command.Add(processes.Group);
        command.Add(new OptionGroup("Output", tensorBoard));
        return (command, parsed =>
        {
            var settings = processes.Apply(checkpoints.Apply(arguments.Read(parsed), parsed), parsed);
            var options = settings.Options with { TensorBoardFolder = parsed.GetValue(tensorBoard) };
            return settings with { Options = options };
        });
    }

    private static async Task<int> RunAsync(
        RunSettings settings, string? savePlan, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        using var folder = ResultFolder.Open(settings.Out);
        if (savePlan is not null) RequireFolderOf(savePlan);
        var set = await new ImageSources(error.WriteLine).FindAsync(settings.Data, cancellation);
        var split = DataSplit.Of(set, settings, error.WriteLine, cancellation);
        var title = settings.Options.Network?.Name ?? "training";
        using var run = TrainingRun.Watch(set, split, settings, title, error, cancellation);
        Skipped.Write(error, run.Report.Images);
        var isPlanSaved = savePlan is null || SavePlan(run, savePlan, error);

        if (settings.Options.Checkpoints.Resume && folder.Finished is { } finished && run.Is(finished))
        {
            ResultTable.Write(output, [.. ModelColumn.Of(finished, reference: null)]);
            output.WriteLine($"the run in {settings.Out} is finished, and its results are there: nothing was changed");
            return isPlanSaved ? 0 : 1;
        }
        var isWritten = Complete(folder, run, error);
        ResultTable.Write(output, [.. ModelColumn.Of(run.Report, reference: null)]);
        if (run.Report is { PredictedLatencyMs: { } predicted, Compact.LatencyMs: { } measured })
        {
            var batch = settings.Options.Pruning.LatencyBatch;
            output.WriteLine(
                $"latency at batch {batch}: predicted {DisplayText.Milliseconds(predicted)}, "
                    + $"measured {DisplayText.Milliseconds(measured)}");
        }
        if (run.Report.PredictedTrainingTime is { } part)
        {
            output.WriteLine(FormattableString.Invariant(
                $"training step after pruning: predicted {part:P0} of the time before"));
        }
        output.WriteLine(FormattableString.Invariant(
            $"dataset: {set.Name}, {run.Report.Images.Training:N0} training and {split.Test.Count:N0} test images"));
        if (isWritten) output.WriteLine(folder.Written(run.Report));
        if (run.Report is { Stopped: true, Epochs.Count: > 0 })
            error.WriteLine("to continue: the same command with --resume");
        return run.Report.Stopped ? PatCommandLine.Stopped : isPlanSaved ? 0 : 1;
    }

    /// <summary>Trains on a rank other than 0, which shows, tests and writes nothing.</summary>
    private static async Task<int> FollowAsync(RunSettings settings, CancellationToken cancellation)
    {
        var set = await new ImageSources(_ => { }).FindAsync(settings.Data, cancellation);
        var split = DataSplit.Of(set, settings, _ => { }, cancellation);
        using var run = TrainingRun.Fit(set, split, settings.Options with { CancellationToken = cancellation });
        return 0; // at any other code mpirun ends the other processes, and rank 0 may still be writing
    }

    /// <exception cref="IOException">The results cannot be written; the message says how to write them later.
    /// </exception>
    private static bool Complete(ResultFolder folder, TrainingRun run, TextWriter error)
    {
        try
        {
            return folder.Complete(run, error.WriteLine);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{OneLine.Of(e.Message)}. The training is done: remove the cause, and repeat the command with "
                    + "--resume, which writes the results and trains again only what no checkpoint has",
                e);
        }
    }

    private static void RequireFolderOf(string plan)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(plan));
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"--save-plan is '{plan}', but there is no folder {folder}; create it first");
        }
        if (Directory.Exists(plan)) throw new IOException($"--save-plan is '{plan}', which is a folder; name a file");
    }

    /// <summary>Writes the plan. One that cannot be written does not prevent the model from being written.</summary>
    /// <returns>Whether it was written.</returns>
    private static bool SavePlan(TrainingRun run, string file, TextWriter error)
    {
        if (run.Plan is null)
        {
            error.WriteLine($"nothing was pruned, so there is no plan to write to {file}");
            return false;
        }
        try
        {
            run.Plan.Save(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"the plan cannot be written to {file}: {e.Message}");
            return false;
        }
    }
}
