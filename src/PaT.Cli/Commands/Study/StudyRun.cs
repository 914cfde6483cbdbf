using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>Runs a study: locks the workspace, runs the cells, writes the page and the tables.</summary>
internal static class StudyRun
{
    private const int TimedBatches = 4;

    /// <summary>Runs a study and returns the exit code: 1 if a cell failed.</summary>
    /// <param name="create">Creates the study.</param>
    /// <param name="cancellation">Stops the study; finished results are written.</param>
    public static async Task<int> RunAsync(
        StudyArguments arguments,
        ParseResult parsed,
        Func<StudySettings, IStudy> create,
        CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var workspace = arguments.Workspace(parsed);
        using var folder = ResultFolder.Open(workspace);
        using var taken = FolderLock.Take(workspace);
        var settings = await arguments.ReadAsync(parsed, error.WriteLine, cancellation);
        var study = create(settings);
        var files = new StudyFiles(workspace, study.Name);
        var runner = new StudyRunner(
            Path.Combine(workspace, "cells"), new CellCheck(settings.Images), new CellProcess(settings.Images.Path),
            settings.Parallel, error.WriteLine)
        {
            TimeEpoch = () => SecondsPerEpoch(settings, cancellation),
            CellEnded = soFar => files.Write(study, settings, soFar, study.Page(soFar)),
        };
        var results = await runner.RunAsync(study, cancellation);

        var page = study.Page(results);
        files.Write(study, settings, results, page);
        foreach (var table in page.Tables) table.Write(output);
        output.WriteLine();
        output.WriteLine(page.Lead);
        output.WriteLine($"written: {files.Csv}, {files.Json}, {files.Html}");
        foreach (var (cell, reason) in results.Failed) error.WriteLine($"no result: {cell.Name}: {reason}");
        return cancellation.IsCancellationRequested ? PatCommandLine.Stopped : results.Failed.Count > 0 ? 1 : 0;
    }

    /// <summary>Measures the second epoch of a dense run over a few batches; the first epoch warms up.</summary>
    private static double SecondsPerEpoch(StudySettings settings, CancellationToken cancellation)
    {
        var set = ImageSources.Open(settings.Images.Path, cancellation);
        var count = Math.Max(TimedBatches * settings.Recipe.Training.BatchSize, set.Classes.Count);
        var split = DataSplit.Of(set, Math.Min(count, set.Train.Count), seed: 1);
        split = split with { Validation = [.. split.Validation.Take(set.Classes.Count)] };
        var cell = settings.DenseRun(1, [], ("training.epochs", "2"));
        using var run = TrainingRun.Fit(set, split, cell.Options with { CancellationToken = cancellation });
        return (settings.Limit ?? set.Train.Count) / run.Report.Epochs[^1].ImagesPerSecond;
    }
}
