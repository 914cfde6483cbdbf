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
        var settings = await arguments.ReadAsync(parsed, error.WriteLine, cancellation);
        var study = create(settings);
        var files = new StudyFiles(workspace, study.Name);
        var runner = new StudyRunner(
            Path.Combine(workspace, "cells"), new CellCheck(settings.Images), new CellProcess(settings.Images.Path),
            settings.Parallel, error.WriteLine)
        {
            TimeEpoch = () => SecondsPerEpoch(settings, cancellation),
            CellEnded = soFar => WriteSoFar(() => files.Write(study, settings, soFar, study.Page(soFar)), error),
        };
        var results = await runner.RunAsync(study, cancellation);

        var page = study.Page(results);
        foreach (var table in page.Tables) table.Write(output);
        output.WriteLine();
        output.WriteLine(page.Lead);
        files.Write(study, settings, results, page);
        output.WriteLine($"written: {files.Csv}, {files.Json}, {files.Html}");
        foreach (var (cell, reason) in results.Failed) error.WriteLine($"no result: {cell.Name}: {reason}");
        if (!cancellation.IsCancellationRequested) return results.Failed.Count > 0 ? 1 : 0;
        error.WriteLine("to continue: the same command");
        return PatCommandLine.Stopped;
    }

    /// <summary>A page that cannot be written now is written after the next cell.</summary>
    private static void WriteSoFar(Action write, TextWriter error)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"  the results so far were not written: {e.Message}");
        }
    }

    /// <summary>Measures the second epoch of a dense run over a few batches; the first epoch warms up.</summary>
    private static double SecondsPerEpoch(StudySettings settings, CancellationToken cancellation)
    {
        var set = ImageSources.Open(settings.Images.Path, cancellation);
        var count = Math.Max(TimedBatches * settings.Recipe.Training.BatchSize, set.Classes.Count);
        var split = DataSplit.Of(set, Math.Min(count, set.Train.Count), seed: 1);
        split = split with { Validation = [.. split.Validation.Take(set.Classes.Count)] };
        var options = settings.DenseRun(1, []).Options;
        options = options with
        {
            // The learning rate does not change the time, and fields of a schedule may not fit two epochs.
            Training = options.Training with { Epochs = 2, Milestones = [], Schedule = null },
            Pruning = new() { Policy = PruningPolicy.Never },
            CancellationToken = cancellation,
        };
        using var run = TrainingRun.Fit(set, split, options);
        cancellation.ThrowIfCancellationRequested(); // a run that was stopped may have no epoch
        return (settings.Limit ?? set.Train.Count) / run.Report.Epochs[^1].ImagesPerSecond;
    }
}
