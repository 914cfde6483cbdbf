using System.Diagnostics;

namespace PaT.Cli.Tests;

/// <summary><c>train --workers</c>: this program several times over, started by mpirun.</summary>
public sealed class MpiGroupTests
{
    private static readonly string s_pat = Path.Combine(AppContext.BaseDirectory, "pat.dll");

    private static readonly string[] s_train =
    [
        "train", "--network", "resnet8", "--limit", "100", "--batch", "32", "--policy", "epoch:1", "--set",
        "pruning.roundTo=1", "--device", "cpu", "--threads=1", "--workers", "2", "--sync-batch-norm",
    ];

    [Test]
    public void Two_workers_leave_what_one_process_leaves_and_go_on_after_a_kill(
        [Values("openmpi", "mpich")] string mpi)
    {
        using var launcher = new Mpirun(mpi);
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var killed = 0;
        using var killer = new Timer(
            _ =>
            {
                var checkpoints = folder.File("out/checkpoints");
                if (!Directory.Exists(checkpoints) || Directory.GetFiles(checkpoints, "epoch-00002*").Length == 0
                    || RankOne(folder.File("out")) is not { } rank)
                {
                    return;
                }
                if (Interlocked.Exchange(ref killed, 1) == 0)
                    rank.Kill();
            },
            null,
            0,
            20);
        var (exitCode, output, error) = Pat.Run([
            .. s_train, "--data", data, "--epochs", "12", "--max-restarts", "3", "--rank-timeout", "20", "--out",
            folder.File("out"),
        ]);
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        Assert.That(killed, Is.EqualTo(1));
        Assert.That(error, Has.Some.Contains("2 processes share each batch of 32"));
        Assert.That(error, Has.Some.Contains("(1 of 3 restarts)").And.Some.Contains("Resuming at epoch"));
        var report = RunReport.ReadJson(folder.File("out/report.json"));
        Assert.That(report.Epochs, Has.Count.EqualTo(12));
        Assert.That(report.PruneEpoch, Is.EqualTo(1));
        Assert.That(report.Test, Is.Not.Null);
        Assert.That(string.Join('\n', output), Does.Contain("model.zip"));
    }

    [Test]
    public void A_request_to_stop_reaches_all_processes_and_the_results_are_written(
        [Values("openmpi", "mpich")] string mpi)
    {
        using var launcher = new Mpirun(mpi);
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        using var stop = new CancellationTokenSource();
        using var stopper = new Timer(
            _ =>
            {
                if (Directory.Exists(folder.File("out/checkpoints"))
                    && Directory.GetFiles(folder.File("out/checkpoints"), "epoch-00002*").Length > 0)
                {
                    stop.Cancel();
                }
            },
            null,
            0,
            20);
        var (exitCode, _, error) =
            Pat.Run(stop.Token, [.. s_train, "--data", data, "--epochs", "500", "--out", folder.File("out")]);
        Assert.That(exitCode, Is.EqualTo(PatCommandLine.Stopped), string.Join('\n', error));
        Assert.That(File.Exists(folder.File("out/model.zip")), Is.True, string.Join('\n', error));
    }

    [Test]
    public void An_error_before_the_first_step_ends_all_processes_with_its_message(
        [Values("openmpi", "mpich")] string mpi)
    {
        using var launcher = new Mpirun(mpi);
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var clock = Stopwatch.StartNew();
        var (exitCode, _, error) =
            Pat.Run([.. s_train, "--data", data, "--epochs", "2", "--out", Path.Combine(data, "out")]);
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(error, Has.Some.Contains("Rank 0 (").And.Some.Contains("cannot write to the folder"));
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(60), "less than the timeout");

        // One program for each rank, of which one has no images.
        string[] pat = ["-n", "1", "dotnet", s_pat, "train", "--network", "resnet8", "--out", folder.File("out")];
        using var process = Process.Start(new ProcessStartInfo(
            "mpirun", [.. pat, "--data", data, ":", .. pat, "--data", folder.File("none")])
        {
            RedirectStandardError = true,
            Environment = { ["OMPI_ALLOW_RUN_AS_ROOT"] = "1", ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1" },
        })!;
        clock.Restart();
        var text = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Not.Zero);
        Assert.That(text, Does.Contain("Rank 1 (").And.Contain(folder.File("none")));
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(60), "less than the timeout");
    }

    [Test]
    public void The_processes_end_with_the_one_that_started_them([Values("openmpi", "mpich")] string mpi)
    {
        using var launcher = new Mpirun(mpi);
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var start = new ProcessStartInfo(
            "dotnet", [s_pat, .. s_train, "--data", data, "--epochs", "100000", "--out", folder.File("out")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var parent = Process.Start(start)!;
        while (parent.StandardError.ReadLine() is { } line && !line.Contains("epoch  1 ", StringComparison.Ordinal))
        {
        }
        using var rank = RankOne(folder.File("out"));
        Assert.That(rank, Is.Not.Null);
        parent.Kill();
        Assert.That(rank!.WaitForExit(TimeSpan.FromSeconds(60)), Is.True, "less than the timeout");
    }

    [Test]
    public void Output_that_cannot_be_written_is_an_error_after_the_run()
    {
        using var launcher = new Mpirun("openmpi");
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var error = new StringWriter();
        using var full = new FullDisk();
        string[] arguments = [.. s_train, "--data", data, "--epochs", "2", "--out", folder.File("out")];
        var exitCode = PatCommandLine.RunAsync(arguments, new ResultWriter(full), error, default)
            .GetAwaiter()
            .GetResult();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error.ToString(), Does.Contain("error: cannot write to standard output"));
        Assert.That(File.Exists(folder.File("out/model.zip")), Is.True);
    }

    [Test]
    public void A_plan_that_cannot_be_saved_is_an_error_after_a_restart_too()
    {
        using var launcher = new Mpirun("openmpi");
        using var folder = new TemporaryFolder();
        var data = folder.Write("shapes.tar.gz", Drawings.BinaryArchive(300, 50));
        var plan = folder.File(new string('p', 300)); // longer than a file system's names
        var (exitCode, output, error) = Pat.Run([
            .. s_train, "--data", data, "--epochs", "2", "--max-restarts", "1", "--save-plan", plan, "--out",
            folder.File("out"),
        ]);
        Assert.That(exitCode, Is.EqualTo(1), string.Join('\n', error));
        Assert.That(error.Count(line => line.StartsWith("the plan cannot be written", StringComparison.Ordinal)),
            Is.EqualTo(2));
        Assert.That(string.Join('\n', output), Does.Contain("nothing was changed"));
    }

    [Test]
    public void Errors_of_the_library_name_the_options_of_the_command_line()
    {
        using var launcher = Mpirun.Running("echo 'Rank 1 (b): Raise Training.BatchSize.' >&2; exit 1");
        var (exitCode, _, error) = Pat.Run("train", "--workers", "2");
        Assert.That((exitCode, error[^1]), Is.EqualTo((1, "Rank 1 (b): Raise --batch.")));
    }

    [TestCase("--max-restarts", "2")]
    [TestCase("--sync-batch-norm")]
    public void Options_for_several_processes_are_refused_for_one(params string[] options)
    {
        var (exitCode, _, error) = Pat.Run(["train", "--data", "shapes", .. options]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error[^1], Does.Contain(options[0]).And.Contain("--workers"));
    }

    [Test]
    public void A_process_without_a_launcher_is_refused_if_several_were_asked_for()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo(
            "dotnet",
            [
                s_pat, "train", "--data", "shapes", "--distributed",
                "--out", folder.File("out"),
            ])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("--distributed").And.Contain("started alone").Or.Contain("no MPI library"));
        Assert.That(Directory.Exists(folder.File("out")), Is.False);
    }

    [Test]
    public void Output_of_processes_has_no_control_codes([Values("openmpi", "mpich")] string mpi)
    {
        using var launcher = new Mpirun(mpi);
        var start = new ProcessStartInfo("mpirun", ["-n", "2", "dotnet", s_pat, "--help"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["OMPI_ALLOW_RUN_AS_ROOT"] = "1", ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1", ["TERM"] = "xterm",
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(output, Does.Contain("Usage: pat").And.Not.Contain('\u001b'));
    }

    /// <summary>The second of the processes that use a folder.</summary>
    private static Process? RankOne(string used)
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), out _)))
        {
            try
            {
                var variables = File.ReadAllText(Path.Combine(folder, "environ")).Split('\0');
                if ((variables.Contains("OMPI_COMM_WORLD_RANK=1") || variables.Contains("PMI_RANK=1"))
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(used, StringComparison.Ordinal))
                {
                    return Process.GetProcessById(int.Parse(Path.GetFileName(folder)));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // It has ended meanwhile.
            }
        }
        return null;
    }

    private sealed class FullDisk : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }

    /// <summary>Makes <c>mpirun</c> that of an MPI, until disposed.</summary>
    private sealed class Mpirun : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

        /// <param name="mpi">openmpi or mpich, the names of Debian's alternatives.</param>
        public Mpirun(string mpi)
        {
            var program = _path!.Split(':').Select(f => Path.Combine(f, $"mpirun.{mpi}")).FirstOrDefault(File.Exists);
            if (program is null)
            {
                Assert.Ignore(
                    $"mpirun.{mpi} is not installed here (Debian: openmpi-bin libopenmpi3, or mpich libmpich12)");
            }
            // Not a link: MPICH looks for its other programs beside it.
            Write($"exec {program} \"$@\"");
        }

        private Mpirun()
        {
        }

        /// <summary>A script in the place of a launcher.</summary>
        public static Mpirun Running(string commands)
        {
            var launcher = new Mpirun();
            launcher.Write(commands);
            return launcher;
        }

        private void Write(string commands)
        {
            var script = _folder.File("mpirun");
            File.WriteAllText(script, $"#!/bin/sh\n{commands}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Environment.SetEnvironmentVariable("PATH", $"{_folder.File("")}:{_path}");
        }

        public void Dispose()
        {
            Environment.SetEnvironmentVariable("PATH", _path);
            _folder.Dispose();
        }
    }
}
