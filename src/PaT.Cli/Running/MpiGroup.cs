using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace PaT.Cli;

/// <summary>
/// Starts several processes of this program by <c>mpirun</c>, and restarts them from the last checkpoint after a loss.
/// </summary>
internal sealed class MpiGroup(
    IReadOnlyList<string> arguments, RunSettings settings, TextWriter output, TextWriter error)
{
    private const string Launcher = "mpirun";
    private readonly Lock _writing = new();
    private IOException? _unwritten;

    /// <summary>Runs the processes and returns the exit code of mpirun.</summary>
    /// <param name="cancellation">Stops all processes.</param>
    /// <exception cref="DistributedTrainingException">There is no mpirun.</exception>
    /// <exception cref="IOException">The run is finished, and its output cannot be written.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var isOpenMpi = (await VersionAsync()).Contains("Open", StringComparison.OrdinalIgnoreCase);
        for (var restart = 0; ; restart++)
        {
            var code = await OnceAsync(isOpenMpi, resume: restart > 0, cancellation);
            if (cancellation.IsCancellationRequested) return PatCommandLine.Stopped;
            if (code == 0 && _unwritten is { } cause) ExceptionDispatchInfo.Throw(cause);
            if (code == 0 || restart == settings.MaxRestarts) return code;
            error.WriteLine($"restarting the {settings.Workers} processes from the last checkpoint "
                + $"({restart + 1} of {settings.MaxRestarts} restarts)");
        }
    }

    private static async Task<string> VersionAsync()
    {
        try
        {
            var start = new ProcessStartInfo(Launcher, ["--version"]) { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            return await process.StandardOutput.ReadToEndAsync();
        }
        catch (Win32Exception e)
        {
            throw new DistributedTrainingException(ErrorCodes.MpiUnavailable,
                "--workers needs mpirun, which is not installed. On Debian, install openmpi-bin and libopenmpi3 (Open "
                + "MPI), or mpich and libmpich12 (MPICH).", e);
        }
    }

    private async Task<int> OnceAsync(bool isOpenMpi, bool resume, CancellationToken cancellation)
    {
        using var process = Process.Start(StartInfo(isOpenMpi, resume))!;
        process.OutputDataReceived += (_, line) => Write(output, line.Data);
        process.ErrorDataReceived += (_, line) => Write(error, Named(line.Data));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var stop = cancellation.Register(() => Stop(process));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private ProcessStartInfo StartInfo(bool isOpenMpi, bool resume)
    {
        var threads = Text(settings.Options.Threads ?? Math.Max(1, Environment.ProcessorCount / settings.Workers));
        // In a new session. Ctrl-C then reaches this process, which stops the others, but not mpirun, which would kill
        // them. mpirun passes its input to rank 0, which stops the others if this process is killed.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        Add(Launcher);
        if (isOpenMpi) Add("--oversubscribe", "--bind-to", "none");
        Add("-n", Text(settings.Workers));
        Add(ThisProgram());
        Add([.. arguments, ParentPipe.Option]);
        if (settings.Options.Threads is null) Add("--threads", threads);
        if (resume && !arguments.Contains("--resume")) Add("--resume");
        start.Environment["OMP_NUM_THREADS"] = threads;
        if (Environment.IsPrivilegedProcess)
            start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        return start;

        void Add(params string[] words)
        {
            foreach (var word in words) start.ArgumentList.Add(word);
        }
    }

    private static string[] ThisProgram()
    {
        var (program, host) = (typeof(MpiGroup).Assembly.Location, Environment.ProcessPath!);
        var name = Path.GetFileNameWithoutExtension(host);
        return name == Path.GetFileNameWithoutExtension(program)
            ? [host]
            : [name == "dotnet" ? host : "dotnet", "exec", program];
    }

    // mpirun forwards this signal to all processes.
    private static void Stop(Process process)
    {
        using var kill = Process.Start("kill", ["-USR1", Text(process.Id)]);
        kill.WaitForExit();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // The error of a single process is written by the library, which names properties.
    private string? Named(string? line) => line is null ? null : OptionNames.In(line, settings.CommandLine);

    private void Write(TextWriter to, string? line)
    {
        if (line is null) return;
        lock (_writing)
        {
            try
            {
                to.WriteLine(line);
            }
            catch (IOException e)
            {
                _unwritten = e; // nothing catches an exception of this thread
            }
        }
    }
}
