using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.PaT.Tests;

internal sealed class MpiRun : IDisposable
{
    private readonly Process _launcher;
    private readonly Task<string> _output, _error;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Starts the processes. Skips the test if the launcher is not installed.</summary>
    /// <param name="mpi">openmpi or mpich, the names of Debian's alternatives.</param>
    /// <param name="size">Number of processes.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="arguments">Arguments of <see cref="ChildProgram"/>.</param>
    public MpiRun(string mpi, int size, (string Name, string Value)[] environment, params string[] arguments)
        : this(mpi, size, machines: null, last: null, environment, arguments)
    {
    }

    /// <summary>Same, on two machines; null for this one. The last rank may run another program; null for the
    /// same.</summary>
    public MpiRun(
        string mpi,
        int size,
        TwoMachines? machines,
        string? last,
        (string Name, string Value)[] environment,
        params string[] arguments)
    {
        RequireMpi(mpi);
        string[] launcher =
        [
            .. machines is not null ? machines.Launcher(mpi, size)
                : mpi == "openmpi" ? [$"mpirun.{mpi}", "--oversubscribe"]
                : (string[])[$"mpirun.{mpi}"],
            .. Ranks(last is null ? size : size - 1, typeof(MpiRun).Assembly.Location),
            .. last is null ? (string[])[] : [":", .. Ranks(1, last)],
        ];
        var start = new ProcessStartInfo(launcher[0], launcher[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Open MPI gives its processes a terminal, to which .NET would write escape sequences.
            Environment =
            {
                ["OMPI_ALLOW_RUN_AS_ROOT"] = "1",
                ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1",
                ["TERM"] = "dumb",
            },
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _launcher = Process.Start(start)!;
        (_output, _error) = (_launcher.StandardOutput.ReadToEndAsync(), _launcher.StandardError.ReadToEndAsync());

        string[] Ranks(int count, string program) =>
            ["-n", count.ToString(CultureInfo.InvariantCulture), ChildProgram.Host, "exec", program, .. arguments];
    }

    public bool HasEnded => _launcher.HasExited;

    /// <returns>Exit code of the launcher, standard output, standard error, and duration.</returns>
    public (int Code, string Output, string Error, TimeSpan Took) End(double seconds = 90)
    {
        if (!_launcher.WaitForExit(TimeSpan.FromSeconds(seconds)))
        {
            var name = _launcher.ProcessName;
            _launcher.Kill(entireProcessTree: true);
            Assert.Fail($"{name} hangs for more than {seconds} s: {_output.Result}{_error.Result}");
        }
        return (_launcher.ExitCode, _output.Result, _error.Result, _clock.Elapsed);
    }

    private static void RequireMpi(string mpi)
    {
        try
        {
            using var version =
                Process.Start(new ProcessStartInfo($"mpirun.{mpi}", ["--version"]) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore(
                $"mpirun.{mpi} is not installed here (Debian: "
                    + $"{(mpi == "openmpi" ? "openmpi-bin libopenmpi3" : "mpich libmpich12")})");
        }
    }

    public void Dispose()
    {
        if (!_launcher.HasExited)
        {
            _launcher.Kill(entireProcessTree: true);
            _launcher.WaitForExit();
        }
        _launcher.Dispose();
    }
}
