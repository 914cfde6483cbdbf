using System.CommandLine;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>
/// <c>pat study cell</c>: runs one cell of a study. Studies start it as a separate process, so that a crash affects one
/// cell only. It also repeats a cell by hand.
/// </summary>
internal static class CellCommand
{
    private const int Attempts = 60;

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder of the cell, with its cell.json" };
        var data = new Option<string>("--data")
        {
            Description = "The images, as for train", HelpName = "PATH", Required = true,
        };
        var attached = new Option<bool>(ParentPipe.Option) { Description = ParentPipe.Description };
        var command = new Command("cell", "Run one cell of a study.") { folder, data, attached };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) => RunAsync(
            new CellFolder(parsed.GetRequiredValue(folder)), parsed.GetRequiredValue(data), parsed.GetValue(attached),
            parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CellFolder folder, string data, bool attached, ParseResult parsed, CancellationToken cancellation)
    {
        var error = parsed.InvocationConfiguration.Error;
        var cell = Cell.Read(folder.Description);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (attached) ParentPipe.StopWithInput(stop);

        // The cells of a killed study run for another moment; the next study waits for them.
        using var results = await OpenAsync(folder, stop.Token);
        var settings = new RunSettings
        {
            CommandLine = parsed,
            Data = data,
            Out = folder.Path,
            Limit = cell.Limit,
            Options = cell.Options with { Checkpoints = cell.Checkpoints(folder) },
        };
        var set = ImageSources.Open(data, stop.Token);
        if (!StudyImageCache.Has(set, cell.Data, stop.Token))
        {
            throw new CellFailedException(
                $"the images in {data} are not those of the cell, whose fingerprint is {cell.Data}: give the images "
                + $"that the study was started with, or data/{cell.Data} in its workspace");
        }
        cell.RequireWeights();
        var split = DataSplit.Of(set, settings, error.WriteLine, stop.Token);
        using var run = TrainingRun.Watch(set, split, settings, cell.Recipe.Network!.Name, error, stop.Token);
        results.Complete(run, error.WriteLine);
        if (run.Report.Stopped) return PatCommandLine.Stopped;
        folder.Complete(CellResult.Of(run.Report));
        return 0;
    }

    private static async Task<ResultFolder> OpenAsync(CellFolder folder, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return ResultFolder.Open(folder.Path);
            }
            catch (InvalidFileException e) when (e.Code == ErrorCodes.FolderInUse && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            }
        }
    }
}
