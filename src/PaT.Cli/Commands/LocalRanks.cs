using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PaT.Cli;

/// <summary>Starts processes that train together on this machine, each this very program, and starts them again from the last checkpoint when one is lost.</summary>
/// <param name="arguments">What was typed.</param>
/// <param name="settings">What that means.</param>
/// <param name="output">For results.</param>
/// <param name="error">For progress and errors.</param>
internal sealed class LocalRanks(IReadOnlyList<string> arguments, RunSettings settings, TextWriter output, TextWriter error)
{
    /// <summary>Runs the group.</summary>
    /// <param name="cancellation">Asks all of them to stop.</param>
    /// <returns>The exit code: that of rank 0, or of the first that failed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        for (var restart = 0; ; restart++)
        {
            var code = await OnceAsync(restart, cancellation);
            if (code is 0 or PatCommandLine.Stopped || cancellation.IsCancellationRequested || restart == settings.MaxRestarts)
            {
                return code;
            }

            error.WriteLine($"starting the {settings.Workers} processes again from the last checkpoint ({restart + 1} of {settings.MaxRestarts} restarts)");
        }
    }

    private async Task<int> OnceAsync(int restart, CancellationToken cancellation)
    {
        var port = FreePort();
        var processes = Enumerable.Range(0, settings.Workers).Select(rank => Start(rank, port, resume: restart > 0)).ToList();
        try
        {
            using var stop = cancellation.Register(() => processes.ForEach(Terminate));
            var ends = processes.Select(p => p.WaitForExitAsync(CancellationToken.None)).ToList();
            // Whoever fails is named by the others within the timeout; what has not ended by then never will.
            var running = ends.ToList();
            while (running.Count > 0)
            {
                running.Remove(await Task.WhenAny(running));
                if (processes.Any(p => p.HasExited && p.ExitCode is not (0 or PatCommandLine.Stopped)))
                {
                    await Task.WhenAny(Task.WhenAll(ends), Task.Delay(settings.Options.Training.Distributed!.Timeout + TimeSpan.FromSeconds(5), CancellationToken.None));
                    break;
                }
            }
        }
        finally
        {
            foreach (var process in processes.Where(p => !p.HasExited))
            {
                process.Kill();
                process.WaitForExit();
            }
        }

        var codes = processes.Select(p => p.ExitCode).ToList();
        foreach (var process in processes)
        {
            process.WaitForExit(); // what it wrote has arrived
            process.Dispose();
        }

        foreach (var (rank, code) in codes.Index().Where(c => c.Item > 128 && c.Item != PatCommandLine.Stopped))
        {
            error.WriteLine($"rank {rank} was ended by signal {code - 128}");
        }

        return codes.FirstOrDefault(c => c is not (0 or PatCommandLine.Stopped), codes[0]);
    }

    private Process Start(int rank, int port, bool resume)
    {
        var program = typeof(LocalRanks).Assembly.Location;
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var own = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == Path.GetFileNameWithoutExtension(program);
        var threads = Math.Max(1, (settings.Options.Training.Threads ?? Environment.ProcessorCount) / settings.Workers);
        string[] typed = [.. WithoutThreads(), "--threads", Text(threads), .. resume && !arguments.Contains("--resume") ? (string[])["--resume"] : []];
        var start = new ProcessStartInfo(own ? Environment.ProcessPath! : host, own ? typed : ["exec", program, .. typed])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["MASTER_ADDR"] = "127.0.0.1",
                ["MASTER_PORT"] = Text(port),
                ["RANK"] = Text(rank),
                ["LOCAL_RANK"] = Text(rank),
                ["WORLD_SIZE"] = Text(settings.Workers),
                ["OMP_NUM_THREADS"] = Text(threads),
            },
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Write(output, rank, line.Data);
        process.ErrorDataReceived += (_, line) => Write(error, rank, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Every process has its own share of the threads, in whichever way they were typed.</summary>
    private IEnumerable<string> WithoutThreads() => arguments.Where((argument, i) =>
        argument != "--threads" && !argument.StartsWith("--threads=", StringComparison.Ordinal) && !argument.StartsWith("--threads:", StringComparison.Ordinal) && (i == 0 || arguments[i - 1] != "--threads"));

    private void Write(TextWriter to, int rank, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (arguments)
        {
            to.WriteLine(rank == 0 ? line : $"[rank {rank}] {line}");
        }
    }

    private static void Terminate(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                kill.WaitForExit();
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
