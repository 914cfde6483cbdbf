using System.CommandLine;
using Microsoft.ML.PaT.Reporting;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>Runs a study: takes the workspace, runs the cells, writes the page and the tables.</summary>
internal static class StudyRun
{
    /// <summary>Runs a study.</summary>
    /// <param name="arguments">The shared options.</param>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="create">Makes the study.</param>
    /// <param name="cancellation">Stops it; what is finished is written.</param>
    /// <returns>The exit code: 1 when a cell failed.</returns>
    public static async Task<int> RunAsync(StudyArguments arguments, ParseResult parsed, Func<StudySettings, IStudy> create, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var workspace = arguments.Workspace(parsed);
        ResultFolder.Open(workspace);
        using var taken = WorkspaceLock.Take(workspace);
        var settings = await arguments.ReadAsync(parsed, error.WriteLine, cancellation);
        var study = create(settings);
        var runner = new StudyRunner(Path.Combine(workspace, "cells"), new CellCheck(settings.Images, CellCommand.OptionsOf), new CellProcess(settings.Images.Path), settings.Parallel, error.WriteLine);
        var results = await runner.RunAsync(study, cancellation);

        var page = study.Page(results);
        var files = new StudyFiles(workspace, study.Name);
        files.Write(study, settings, results, page);
        foreach (var table in page.Tables)
        {
            table.Write(output);
        }

        output.WriteLine();
        output.WriteLine(page.Lead);
        output.WriteLine($"written: {files.Csv}, {files.Json}, {files.Html}");
        foreach (var (cell, reason) in results.Failed)
        {
            error.WriteLine($"no result: {cell.Name}: {reason}");
        }

        return cancellation.IsCancellationRequested ? PatCommandLine.Stopped : results.Failed.Count > 0 ? 1 : 0;
    }
}
