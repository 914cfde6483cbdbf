using System.Diagnostics;
using PaT.Studies;

namespace PaT.Cli;

/// <summary>Runs cells as processes of this program. Their output goes to the <c>log.txt</c> of the cell.</summary>
internal sealed class CellProcess(string data) : ICellRunner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public async Task RunAsync(Cell cell, CellFolder folder, CancellationToken cancellation)
    {
        using var process = new Process
        {
            StartInfo = StartInfo("study", "cell", folder.Path, "--data", data, ParentPipe.Option),
        };
        using var log = new CellLog(folder.Log);
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
            // Closing its input requests the cell to stop.
            process.StandardInput.Close();
            if (!process.WaitForExit(s_patience)) process.Kill();
            process.WaitForExit(); // until the rest of the output is in the log, too
            throw;
        }

        if (process.ExitCode is PatCommandLine.Stopped or PatCommandLine.Terminated)
            throw new OperationCanceledException("the cell was stopped");
        if (process.ExitCode != 0)
        {
            throw new CellFailedException(
                log.Error ?? $"the process ended with code {process.ExitCode}, see {folder.Log}");
        }

        void Write(string? line)
        {
            if (line is not null) log.Write(line);
        }
    }

    private static ProcessStartInfo StartInfo(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "pat.exe" : "pat");
        var start = File.Exists(program)
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pat.dll"), .. arguments]);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        return start;
    }
}
