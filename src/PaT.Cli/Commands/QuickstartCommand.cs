using System.CommandLine;
using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli;

/// <summary><c>pat quickstart</c>: a run that prunes itself, the dense run it competes with, and ten predictions of the saved model.</summary>
internal static class QuickstartCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var arguments = new RunArguments(epochs: 16, images: 20_000, Path.Combine("runs", "quickstart"));
        var noReference = new Option<bool>("--no-reference") { Description = "Skip the dense run that the compact model is compared with" };
        var command = new Command("quickstart", "Train on real images, watch the network prune itself, compare it with the dense one: about ten minutes on two cores. All options have defaults.");
        arguments.AddTo(command);
        command.Options.Add(noReference);
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            return RunAsync(arguments.Read(parsed), !parsed.GetValue(noReference), io.Output, io.Error, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(RunSettings settings, bool withReference, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var folder = ResultFolder.Open(settings.Out);
        var set = await new ImageSources(error.WriteLine).FindAsync(settings.Data, cancellation);
        var split = DataSplit.Of(set, settings, error.WriteLine, cancellation);
        error.WriteLine($"training on {split.Train.Count:N0} images for {settings.Options.Training.Epochs} epochs, removing {settings.Options.Pruning.Target}");
        using var run = ProgressView.Watch(error, "pruning-aware", observer => TrainingRun.Fit(
            set, split, settings.Options with { Observers = [observer], CancellationToken = cancellation }, settings.Device is null));
        Skipped.Write(error, run.Report.Images);
        // Before the reference starts: whoever stops that keeps this.
        folder.Complete(run, error.WriteLine);
        var reference = withReference && !run.Report.Stopped ? Reference(set, split, settings, error, cancellation) : null;
        if (reference is not null)
        {
            folder.WriteReports(run.Report, reference);
        }

        ResultTable.Write(output, [.. ModelColumn.Of(run.Report, reference)]);
        output.WriteLine(run.Report.PruneEpoch is { } epoch ? $"pruned in epoch {epoch}: {run.Report.PruneReason}" : "nothing was pruned");
        output.WriteLine($"written: {folder.Model}, {folder.Archive}, {folder.Onnx(run.Report)}, {folder.Json}, {folder.Html}");
        if (run.Report.Stopped || cancellation.IsCancellationRequested)
        {
            return PatCommandLine.Stopped;
        }

        output.WriteLine($"ten test images of {set.Name}, predicted by {folder.Model}:");
        Predictions.Write(output, folder.Model, set.Encoded, Subset.Balanced(split.Test, 10, settings.Options.Seed));
        return 0;
    }

    /// <summary>The dense run: the same seed, images and epochs. Null when it was stopped, because half a run compares with nothing.</summary>
    private static RunReport? Reference(LabeledImages set, DataSplit split, RunSettings settings, TextWriter error, CancellationToken cancellation)
    {
        var options = settings.Options with { Pruning = settings.Options.Pruning with { Policy = PruningPolicy.Never } };
        using var run = ProgressView.Watch(error, "dense reference", observer => TrainingRun.Fit(
            set, split, options with { Observers = [observer], CancellationToken = cancellation }, settings.Device is null));
        if (run.Report.Stopped)
        {
            return null;
        }

        run.Evaluate(error.WriteLine);
        return run.Report;
    }
}
