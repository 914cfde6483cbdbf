using System.CommandLine;
using Microsoft.ML.PaT.Experiments;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>
/// <c>pat sweep</c>: many runs with different ratios, learning rates, criteria, networks or policies, and their Pareto
/// front.
/// </summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        const string Files = "sweep.csv, sweep.json, model.pat (the best one) and a folder for each trial";
        var run = new RunArguments(new(), limit: null, Path.Combine("runs", "sweep"), Files);
        var sweep = new SweepArguments();
        var command = new GroupedCommand(
            "sweep",
            "Search over ratios, learning rates, criteria, networks and policies, and print the Pareto front of "
                + "accuracy and cost. The same command continues a stopped search.");
        command.Add(sweep.Group);
        foreach (var group in run.Groups) command.Add(group);
        command.SetAction(async (parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            var settings = run.Read(parsed);
            // Checked before weights are downloaded and images read.
            var search = sweep.Read(parsed, GivenWeights.WithoutNamed(settings.Options));
            search.Validate(hasValidation: search.Folds is null);
            settings = await new GivenWeights(io.Error.WriteLine).FindAsync(settings, cancellation);
            return await RunAsync(
                settings, search with { Options = settings.Options }, io.Output, io.Error, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        RunSettings run, PruningExperimentSettings settings, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        using var folder = ResultFolder.Open(run.Out);
        var files = new SweepFiles(Path.GetFullPath(run.Out));
        var set = await new ImageSources(error.WriteLine).FindAsync(run.Data, cancellation);
        var split = DataSplit.Of(set, run, error.WriteLine, cancellation);
        var ml = new MLContext(run.Options.Seed);
        if (run.Options.Device == ComputeDevice.Automatic) (ml.GpuDeviceId, ml.FallbackToCpu) = (0, true);

        var train = ImageRows.View(ml, set.Encoded, split.Train);
        var keys = ImageRows.ToKeys(ml, set.Classes).Fit(train);
        using var result = SweepView.Watch(error, (trials, observer) =>
        {
            var experiment = ml.PaT().Experiment(settings with
            {
                Options = settings.Options with { Observers = observer is null ? [] : [observer] },
                Folder = files.Trials,
                CancellationToken = cancellation,
            });
            return settings.Folds is null
                ? experiment.Execute(
                    keys.Transform(train), keys.Transform(ImageRows.View(ml, set.Encoded, split.Validation)), trials)
                : experiment.Execute(keys.Transform(train), trials);
        });

        // The best of many validation results is biased; the test images were not used for the choice.
        var test = result.BestRun is { } best && !cancellation.IsCancellationRequested
            ? ml.MulticlassClassification.Evaluate(
                best.Model.Transform(keys.Transform(ImageRows.View(ml, set.Encoded, split.Test)))).MicroAccuracy
            : (double?)null;
        var isStopped =
            cancellation.IsCancellationRequested || result.RunDetails.Any(trial => trial.State == TrialState.Stopped);
        var isWritten = files.Write(result, settings, test, isStopped);
        Print(result, test, output, error);
        if (isWritten)
            output.WriteLine($"written: {files.Csv}, {files.Json}{(result.BestRun is null ? "" : $", {files.Model}")}");
        else
            error.WriteLine($"{run.Out} keeps the results of the earlier search, which was finished");
        return cancellation.IsCancellationRequested ? PatCommandLine.Stopped : result.BestRun is null ? 1 : 0;
    }

    private static void Print(PruningExperimentResult result, double? test, TextWriter output, TextWriter error)
    {
        foreach (var trial in result.RunDetails.Where(t => t.Exception is not null))
            error.WriteLine($"no result: trial {trial.Number}: {OneLine.Of(trial.Exception!)}");
        if (result.BestRun is not { } best)
        {
            error.WriteLine("no trial was trained to its end; the same command continues");
            return;
        }

        var table = new StudyTable(
            $"Pareto front of {result.RunDetails.Count} trials", "trial", "values", "state", "epochs", "accuracy %",
            "ms", "million MACs", "parameters");
        foreach (var trial in result.ParetoFront()) table.Add(SweepView.Cells(trial));
        table.Write(output);
        output.WriteLine();
        var ofTest = test is { } t ? FormattableString.Invariant($", {t:0.00%} of the test images") : "";
        var model = best.Model.Model;
        output.WriteLine(FormattableString.Invariant(
            $"best: trial {best.Number}, {best.Accuracy:0.00%} of the validation images{ofTest}; ")
            + $"{best.Model.Report.Network} on {model.Input.Height}x{model.Input.Width} pixels");
    }
}
