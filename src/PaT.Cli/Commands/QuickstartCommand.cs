using System.CommandLine;

namespace PaT.Cli;

/// <summary>
/// <c>pat quickstart</c>: a pruned run, the dense run to compare with, and ten predictions of the saved model.
/// </summary>
internal static class QuickstartCommand
{
    private const int Epochs = 16, Images = 20_000, Predicted = 10;

    public static Command Create()
    {
        var recipe = new TrainingRecipe { Training = new() { Epochs = Epochs } };
        var arguments = new RunArguments(recipe, Images, Path.Combine("runs", "quickstart"), ResultFolder.Files);
        var noReference = new Option<bool>("--no-reference") { Description = "Skip the dense run to compare with" };
        var command = new GroupedCommand(
            "quickstart",
            "Train on real images, prune during training, and compare with the dense network: about 16 minutes on two "
            + "cores.");
        foreach (var group in arguments.Groups) command.Add(group);
        command.Add(new OptionGroup("Output", noReference));
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            var settings = await new GivenWeights(io.Error.WriteLine).FindAsync(arguments.Read(parsed), cancellation);
            return await RunAsync(settings, !parsed.GetValue(noReference), io.Output, io.Error, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        RunSettings settings, bool withReference, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        using var folder = ResultFolder.Open(settings.Out);
        var set = await new ImageSources(error.WriteLine).FindAsync(settings.Data, cancellation);
        var split = DataSplit.Of(set, settings, error.WriteLine, cancellation);
        error.WriteLine(FormattableString.Invariant(
            $"training on {split.Train.Count:N0} images for {settings.Options.Training.Epochs} epochs")
            + Goal(settings.Options.Pruning));
        using var run = TrainingRun.Watch(set, split, settings, "pruning-aware", error, cancellation);
        Skipped.Write(error, run.Report.Images);
        // Before the reference run starts, because the user may stop that one.
        var isWritten = folder.Complete(run, error.WriteLine);
        var reference = withReference && run.Report is { Stopped: false, Compact: not null }
            ? Reference(set, split, settings, error, cancellation)
            : null;
        if (reference is not null) folder.WriteReports(run.Report, reference);

        ResultTable.Write(output, [.. ModelColumn.Of(run.Report, reference)]);
        output.WriteLine(run.Report.PruneEpoch is { } epoch
            ? $"pruned in epoch {epoch}: {run.Report.PruneReason}"
            : "nothing was pruned");
        if (isWritten) output.WriteLine(folder.Written(run.Report));
        if (run.Report.Stopped || cancellation.IsCancellationRequested) return PatCommandLine.Stopped;

        output.WriteLine($"{Predicted} test images of {set.Name}, predicted by {folder.Model}:");
        var shown = Subset.Balanced(split.Test, Predicted, settings.Options.Seed);
        Predictions.Write(output, folder.Model, set.Encoded, shown);
        return 0;
    }

    /// <summary>What the run will remove, as the end of a sentence.</summary>
    private static string Goal(PruningOptions pruning) => pruning switch
    {
        _ when pruning.Policy == PruningPolicy.Never => ", without pruning",
        { Plan: not null } => ", removing the channels that the plan leaves out",
        { Widths: not null } => ", pruning to the given widths",
        _ => $", removing {pruning.Target}",
    } + (pruning.Retraining?.Epochs is { } epochs && pruning.Policy != PruningPolicy.Never
        ? $", and retraining for {epochs} more"
        : "");

    /// <summary>The dense run with the same seed, images and <see cref="TrainingOptions.Epochs"/>; null if it was
    /// stopped.</summary>
    private static RunReport? Reference(
        LabeledImages set, DataSplit split, RunSettings settings, TextWriter error, CancellationToken cancellation)
    {
        var pruning = settings.Options.Pruning with { Policy = PruningPolicy.Never };
        var dense = settings with { Options = settings.Options with { Pruning = pruning } };
        using var run = TrainingRun.Watch(set, split, dense, "dense reference", error, cancellation);
        if (run.Report.Stopped) return null;
        run.Evaluate(error.WriteLine);
        return run.Report;
    }
}
