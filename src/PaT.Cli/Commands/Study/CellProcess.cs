using System.Diagnostics;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>Runs cells as processes: this program calling itself. What they print goes to <c>log.txt</c> of the cell.</summary>
/// <param name="data">The images.</param>
internal sealed class CellProcess(string data) : ICellRunner
{
    private const int KeptLines = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task RunAsync(Cell cell, CellFolder folder, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = StartInfo(["study", "cell", folder.Path, "--data", data, CellCommand.Attached]) };
        await using var log = new StreamWriter(folder.Log);
        var last = new Queue<string>();
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The end of its input asks the cell to stop.
            process.StandardInput.Close();
            if (!process.WaitForExit(Patience))
            {
                process.Kill();
            }

            throw;
        }

        if (process.ExitCode == PatCommandLine.Stopped)
        {
            throw new OperationCanceledException("the cell was stopped");
        }

        if (process.ExitCode != 0)
        {
            throw new CellFailedException(LastError() ?? $"the process ended with exit code {process.ExitCode}, see {folder.Log}");
        }

        void Write(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (last)
            {
                log.WriteLine(line);
                last.Enqueue(line);
                if (last.Count > KeptLines)
                {
                    last.Dequeue();
                }
            }
        }

        string? LastError()
        {
            lock (last)
            {
                return last.LastOrDefault(l => l.StartsWith("error: ", StringComparison.Ordinal))?["error: ".Length..];
            }
        }
    }

    private static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "pat.exe" : "pat");
        var start = File.Exists(program)
            ? new ProcessStartInfo(program)
            : new ProcessStartInfo("dotnet") { ArgumentList = { Path.Combine(AppContext.BaseDirectory, "pat.dll") } };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        return start;
    }
}
