using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.PaT.Distributed;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Runs of three processes, one of which is killed, stopped or cut off: on two machines (network namespaces) where this
/// one allows them.
/// </summary>
public class LostRankTests
{
    private const double Timeout = 8, Ends = 15; // of a rank, and of all processes after that, in seconds
    private const int Ranks = 3, Moments = 50;

    private readonly record struct Ended(int Code, string Text, double Seconds, string Reason);

    [TestCase("kill", 4)]
    [TestCase("cut", 2)]
    [TestCase("kill", 30, Category = "Long")]
    [TestCase("stop", 30, Category = "Long")]
    [TestCase("cut", 30, Category = "Long")]
    public void Run_disturbed_at_random_moments_resumes_to_the_same_result(string how, int times)
    {
        if (how == "cut") TwoMachines.Require().Dispose();
        var whole = Complete(folder: null);
        var random = new Random(times);
        for (var i = 0; i < times; i++)
        {
            var mpi = i % 2 == 0 ? "openmpi" : "mpich";
            var (drawn, after, wait) = (random.Next(Ranks), random.Next(1, Moments), random.Next(60));
            var rank = how == "cut" ? Ranks - 1 : drawn; // only the last one is on the other machine
            StallWatch.Repeat(() =>
            {
                using var checkpoints = new TemporaryFolder();
                var ended = Disturb(how, mpi, rank, "disturbed", checkpoints, () => Thread.Sleep(wait), after);
                var what = FormattableString.Invariant(
                    $"{how},{mpi},{rank},{after},{wait},{ended.Code},{ended.Seconds:F1},{ended.Reason}");
                Assert.That(checkpoints.Checkpoints, Is.Not.Empty, what);
                var result = Complete(checkpoints.Name);
                Assert.That(result.DistanceTo(whole), Is.LessThan(1e-5), what);
                Assert.That(result.Kept, Is.EqualTo(whole.Kept), what);
                TestContext.Progress.WriteLine(what);
            });
        }
    }

    [TestCase("openmpi", 1)]
    [TestCase("mpich", 0)]
    [TestCase("openmpi", 0, Category = "Long")]
    [TestCase("mpich", 1, Category = "Long")]
    public void A_stopped_rank_is_named_within_the_timeout_and_ends_all(string mpi, int rank) => StallWatch.Repeat(() =>
    {
        using var checkpoints = new TemporaryFolder();
        var ended = Disturb("stop", mpi, rank, "impatient", checkpoints, () => { }, after: 3);
        Assert.That(ended.Code, Is.Not.Zero);
        Assert.That(checkpoints.Checkpoints, Is.Not.Empty);
    });

    [Test, Category("Long")]
    public void With_the_settings_of_the_documentation_mpirun_ends_behind_a_cut_connection()
    {
        TwoMachines.Require().Dispose();
        var page = File.ReadAllText(Repository.File("docs/scale.md"));
        var settings = Regex.Matches(page, @"OMPI_MCA_(oob_tcp_keepalive_\w+)=(\d+)")
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value))
            .ToList();
        Assert.That(settings, Has.Count.EqualTo(3));
        StallWatch.Repeat(() =>
        {
            using var checkpoints = new TemporaryFolder();
            var ended = Disturb(
                "cut", "openmpi", Ranks - 1, "impatient", checkpoints, () => { }, after: 3, timeout: 120, settings);
            Assert.That(ended.Code, Is.Not.Zero);
            TestContext.Progress.WriteLine(FormattableString.Invariant($"{ended.Seconds:F1} s: {ended.Reason}"));
        });
    }

    /// <summary>Starts a run, disturbs it, and checks that all of it ends in time and says why.</summary>
    /// <returns>Exit code of the launcher, all output, seconds from the disturbance to the end of all processes, and
    /// the words that name the rank.</returns>
    private static Ended Disturb(
        string how,
        string mpi,
        int rank,
        string work,
        TemporaryFolder checkpoints,
        Action pause,
        int after,
        double timeout = Timeout,
        IReadOnlyList<(string Name, string Value)>? keepAlive = null)
    {
        var what = $"{mpi}, {how} rank {rank} after {after} checkpoints";
        using var machines = TwoMachines.Create();
        if (keepAlive is not null) machines!.KeepAlive = keepAlive;
        using var folder = new TemporaryFolder();
        using var run = Start(mpi, work, timeout, folder, checkpoints, machines);
        Await(() => Written(checkpoints) >= after || run.HasEnded);
        pause();
        var (clock, isDisturbed) = (Stopwatch.StartNew(), !run.HasEnded);
        if (isDisturbed)
        {
            if (how == "cut") machines!.Cut();
            else Signal(how == "kill" ? "KILL" : "STOP", folder, rank);
        }
        var (code, output, error, _) = run.End(timeout + Ends);
        var text = output + error;
        var left = Enumerable.Range(0, Ranks).Where(r => Directory.Exists($"/proc/{Process(folder, r)}")).ToList();
        while (left.RemoveAll(r => !Directory.Exists($"/proc/{Process(folder, r)}")) >= 0 && left.Count > 0
            && clock.Elapsed.TotalSeconds < timeout + Ends)
        {
            Thread.Sleep(50);
        }
        var seconds = clock.Elapsed.TotalSeconds;
        Assert.That(left, Is.Empty, $"ranks that live on; {what}: {text}");
        if (code == 0) return new(code, text, seconds, "finished before");
        Assert.That(isDisturbed, Is.True, $"the run ended before it was disturbed; {what}: {text}");
        var reason = Regex.Match(text, Reason(how, rank, Process(folder, rank)));
        Assert.That(reason.Success, Is.True, $"the rank is not named; {what}: {text}");
        return new(code, text, seconds, reason.Value);
    }

    /// <summary>The words that name a lost rank: those of the launcher or of another rank.</summary>
    private static string Reason(string how, int rank, string process) => how switch
    {
        "kill" => $@"process rank {rank} |PID {process} RUNNING|Rank {rank} \(",
        "stop" => $@"Rank {rank} \([^:]*\) hang",
        _ => $@"Rank \d \([^:]*connection is cut|MPI_\w+ failed|lost communication with a remote daemon",
    };

    /// <summary>Trains to the end in one process, which gives the same network and starts faster.</summary>
    /// <param name="folder">With checkpoints to continue from; null for none.</param>
    private static RankRun Complete(string? folder)
    {
        var work = RankWork.Of("disturbed", rank: 0, folder);
        return RankRun.Of(work with { Options = work.Options with { Distributed = null } }, SingleProcess.Instance);
    }

    private static MpiRun Start(
        string mpi,
        string work,
        double timeout,
        TemporaryFolder folder,
        TemporaryFolder checkpoints,
        TwoMachines? machines = null) =>
        new(
            mpi,
            Ranks,
            machines,
            last: null,
            [("OMP_NUM_THREADS", "1")],
            "mpi",
            "train",
            timeout.ToString(CultureInfo.InvariantCulture),
            work,
            folder.Name,
            checkpoints.Name);

    private static int Written(TemporaryFolder checkpoints) =>
        Directory.GetFiles(checkpoints.Name, "*.checkpoint").Length;

    private static void Await(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(90)), "the run does not begin");
            Thread.Sleep(5);
        }
    }

    private static string Process(TemporaryFolder folder, int rank) =>
        File.ReadAllText(Path.Combine(folder.Name, $"process-{rank}.txt"));

    private static void Signal(string name, TemporaryFolder folder, int rank)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{name}", Process(folder, rank)]);
        kill.WaitForExit();
    }
}
