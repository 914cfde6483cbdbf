using System.CommandLine;
using System.Text.Json;
using PaT.Studies;

namespace PaT.Cli;

/// <summary><c>pat study cell</c>: runs one cell of a study. Studies start it as a process of its own, so that a crash costs one cell; by hand it repeats one.</summary>
internal static class CellCommand
{
    /// <summary>The switch by which a cell ends with the study that started it.</summary>
    public const string Attached = "--attached";

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = $"The folder of the cell, with its {CellFolder.Description}" };
        var data = new Option<string>("--data") { Description = "The images, as for train", Required = true };
        var attached = new Option<bool>(Attached) { Description = "Stop when standard input ends" };
        var command = new Command("cell", "Run one cell of a study.") { folder, data, attached };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) =>
        {
            var io = parsed.InvocationConfiguration;
            return RunAsync(new CellFolder(parsed.GetRequiredValue(folder)), parsed.GetRequiredValue(data), parsed.GetValue(attached), io.Output, io.Error, cancellation);
        });
        return command;
    }

    /// <summary>The options of a cell. Files of other cells are left out: they do not exist yet.</summary>
    public static PruningAwareTrainingOptions OptionsOf(Cell cell) =>
        TrainCommand.Options(CommandLine(cell.Arguments.Where(a => !a.Value.StartsWith(Cell.Reference)).ToDictionary(), data: ".", folder: "."));

    /// <summary>The command line of <c>train</c> for a cell.</summary>
    /// <param name="arguments">The cell's arguments.</param>
    /// <param name="data">The images.</param>
    /// <param name="folder">The cell's folder: <c>WORKSPACE/cells/ID</c>.</param>
    public static string[] CommandLine(IReadOnlyDictionary<string, string> arguments, string data, string folder) =>
    [
        "train", "--data", data, "--out", folder, "--resume",
        .. arguments.OrderBy(a => a.Key, StringComparer.Ordinal).SelectMany(a => a.Value.Length == 0 ? new[] { a.Key } : [a.Key, Resolve(a.Value, folder)]),
    ];

    private static string Resolve(string value, string folder) =>
        value.StartsWith(Cell.Reference) ? Path.GetFullPath(Path.Combine(folder, "..", "..", value[1..])) : value;

    private static async Task<int> RunAsync(CellFolder folder, string data, bool attached, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var cell = Read(folder);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (attached)
        {
            StopWithInput(stop);
        }

        // A study that was killed leaves its cells running for a moment; its successor waits until they have noticed.
        using var owned = await TakeAsync(folder, stop.Token);
        var exitCode = await PatCommandLine.RunAsync(CommandLine(cell.Arguments, data, folder.Path), output, error, stop.Token);
        if (exitCode == 0)
        {
            folder.Complete(CellResult.Of(cell, RunReport.ReadJson(folder.Report)));
        }

        return exitCode;
    }

    private static Cell Read(CellFolder folder)
    {
        var file = folder.File(CellFolder.Description);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return new Cell(
                json.RootElement.GetProperty("data").GetString()!,
                json.RootElement.GetProperty("arguments").EnumerateObject().ToDictionary(a => a.Name, a => a.Value.GetString()!));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidInputFileException($"{file} does not describe a cell; delete its folder and start the study again", e);
        }
    }

    private static async Task<WorkspaceLock> TakeAsync(CellFolder folder, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return WorkspaceLock.Take(folder.Path);
            }
            catch (WorkspaceInUseException) when (attempt < 60)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            }
        }
    }

    /// <summary>The study holds the other end of the pipe: when it dies, even by a kill, the pipe ends.</summary>
    private static void StopWithInput(CancellationTokenSource stop)
    {
        var input = Console.OpenStandardInput();
        new Thread(() =>
        {
            while (input.ReadByte() >= 0)
            {
            }

            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The cell was finished first.
            }
        })
        { IsBackground = true, Name = "study" }.Start();
    }
}
