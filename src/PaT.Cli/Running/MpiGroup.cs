using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PaT.Cli;

/// <summary>
/// Has <c>mpirun</c> start this program several times on this machine, and again from the last checkpoint when a process was lost.
/// </summary>
/// <param name="arguments">What was typed.</param>
/// <param name="settings">What that means.</param>
/// <param name="output">For results.</param>
/// <param name="error">For progress and errors.</param>
internal sealed class MpiGroup(IReadOnlyList<string> arguments, RunSettings settings, TextWriter output, TextWriter error)
{
    private const string Launcher = "mpirun";

    /// <summary>Runs the processes.</summary>
    /// <param name="cancellation">Asks all of them to stop.</param>
    /// <returns>The exit code of mpirun.</returns>
    /// <exception cref="DistributedException">There is no mpirun.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var isOpenMpi = (await VersionAsync()).Contains("Open", StringComparison.OrdinalIgnoreCase);
        for (var restart = 0; ; restart++)
        {
            var code = await OnceAsync(isOpenMpi, resume: restart > 0, cancellation);
            if (code == 0 || cancellation.IsCancellationRequested || restart == settings.MaxRestarts)
            {
                return cancellation.IsCancellationRequested ? PatCommandLine.Stopped : code;
            }

            error.WriteLine($"starting the {settings.Workers} processes again from the last checkpoint ({restart + 1} of {settings.MaxRestarts} restarts)");
        }
    }

    private static async Task<string> VersionAsync()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Launcher, ["--version"]) { RedirectStandardOutput = true })!;
            return await process.StandardOutput.ReadToEndAsync();
        }
        catch (Win32Exception e)
        {
            throw new DistributedException("--workers needs mpirun, which is not installed. On Debian, install openmpi-bin and libopenmpi3 (Open MPI), or mpich and libmpich12 (MPICH).", e);
        }
    }

    private async Task<int> OnceAsync(bool isOpenMpi, bool resume, CancellationToken cancellation)
    {
        var threads = Text(settings.Options.Threads ?? Math.Max(1, Environment.ProcessorCount / settings.Workers));
        var program = typeof(MpiGroup).Assembly.Location;
        var isOwnHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == Path.GetFileNameWithoutExtension(program);
        string[] host = isOwnHost ? [Environment.ProcessPath!]
            : [Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet", "exec", program];
        // In a session of its own: Ctrl-C reaches this process, which asks the others to stop, and not mpirun, which would kill them.
        var start = new ProcessStartInfo("setsid", [
            Launcher, .. isOpenMpi ? (string[])["--oversubscribe", "--bind-to", "none"] : [], "-n", Text(settings.Workers), .. host, .. arguments,
            .. settings.Options.Threads is null ? (string[])["--threads", threads] : [], .. resume && !arguments.Contains("--resume") ? (string[])["--resume"] : []])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = threads },
        };
        if (Environment.IsPrivilegedProcess)
        {
            start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        }

        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Write(output, line.Data);
        process.ErrorDataReceived += (_, line) => Write(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var stop = cancellation.Register(() => Stop(process));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    // mpirun passes this signal on to all processes.
    private static void Stop(Process process)
    {
        using var kill = Process.Start("kill", ["-USR1", Text(process.Id)]);
        kill.WaitForExit();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Write(TextWriter to, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (arguments)
        {
            to.WriteLine(line);
        }
    }
}
