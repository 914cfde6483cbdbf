using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Runs of three processes, one of which is killed, stopped or cut off: on two machines (network namespaces) where this
/// one allows them.
/// </summary>
public class LostRankTests
{
    private const double Timeout = 8, Ends = 15; // of a rank, and of all processes after that, in seconds
    private const int Ranks = 3;

    [TestCase("kill", 4)]
    [TestCase("cut", 2)]
    [TestCase("kill", 30, Category = "Long")]
    [TestCase("stop", 30, Category = "Long")]
    [TestCase("cut", 30, Category = "Long")]
    public void Run_disturbed_at_random_moments_resumes_to_the_same_result(string how, int times)
    {
        if (how == "cut") TwoMachines.Require().Dispose();
        using var undisturbed = new TemporaryFolder();
        var whole = RankRun.Read(Complete(undisturbed, "openmpi"));
        var random = new Random(times);
        for (var i = 0; i < times; i++)
        {
            var (mpi, rank, after, wait) =
                (i % 2 == 0 ? "openmpi" : "mpich", random.Next(Ranks), random.Next(1, 25), random.Next(60));
            var what = $"{mpi}, {how} rank {rank}, after {after} checkpoints and {wait} ms";
            using var checkpoints = new TemporaryFolder();
            Disturb(how, mpi, rank, "disturbed", checkpoints, () => Thread.Sleep(wait), after, what);
            Assert.That(checkpoints.Checkpoints, Is.Not.Empty, what);
            var result = RankRun.Read(Complete(checkpoints, mpi));
            Assert.That(result.DistanceTo(whole), Is.LessThan(1e-5), what);
            Assert.That(result.Kept, Is.EqualTo(whole.Kept), what);
            TestContext.Progress.WriteLine(what);
        }
    }

    [Test]
    public void A_stopped_rank_is_named_within_the_timeout_and_ends_all(
        [Values("openmpi", "mpich")] string mpi, [Values(0, 1)] int rank)
    {
        using var checkpoints = new TemporaryFolder();
        var (code, text) = Disturb("stop", mpi, rank, "impatient", checkpoints, () => { }, after: 3, mpi);
        Assert.That(code, Is.Not.Zero);
        Assert.That(text, Does.Contain($"Rank {rank} (").And.Contain("hangs"));
        Assert.That(checkpoints.Checkpoints, Is.Not.Empty);
    }

    /// <summary>Starts a run, disturbs it, and checks that all of it ends in time and says why.</summary>
    /// <returns>Exit code of the launcher, and all output.</returns>
    private static (int Code, string Text) Disturb(
        string how,
        string mpi,
        int rank,
        string work,
        TemporaryFolder checkpoints,
        Action pause,
        int after,
        string what)
    {
        using var machines = TwoMachines.Create();
        using var folder = new TemporaryFolder();
        using var run = Start(mpi, work, Timeout, folder, checkpoints, machines);
        Await(() => Written(checkpoints) >= after || run.HasEnded);
        pause();
        var clock = Stopwatch.StartNew();
        if (!run.HasEnded)
        {
            if (how == "cut") machines!.Cut();
            else Signal(how == "kill" ? "KILL" : "STOP", folder, rank);
        }
        var (code, output, error, _) = run.End(Timeout + Ends);
        var text = output + error;
        // The processes may have finished before.
        if (code != 0)
        {
            Assert.That(
                text,
                Does.Contain("process rank")
                    .Or.Contain("KILLED BY SIGNAL")
                    .Or.Contain("Killed (signal 9)")
                    .Or.Contain("BAD TERMINATION")
                    .Or.Contain("lost communication with a remote daemon")
                    .Or.Match(@"Rank \d \("),
                what);
        }
        var left = Enumerable.Range(0, Ranks).Where(r => Directory.Exists($"/proc/{Process(folder, r)}")).ToList();
        while (left.RemoveAll(r => !Directory.Exists($"/proc/{Process(folder, r)}")) >= 0 && left.Count > 0
            && clock.Elapsed.TotalSeconds < Timeout + Ends)
        {
            Thread.Sleep(50);
        }
        Assert.That(left, Is.Empty, $"ranks that live on; {what}: {text}");
        return (code, text);
    }

    /// <summary>Trains to the end, from checkpoints if there are any.</summary>
    /// <returns>The file of rank 0, in the folder of the checkpoints.</returns>
    private static string Complete(TemporaryFolder checkpoints, string mpi)
    {
        using var run = Start(mpi, "disturbed", 60, checkpoints, checkpoints);
        var (code, output, error, _) = run.End(150);
        Assert.That(code, Is.Zero, output + error);
        return Path.Combine(checkpoints.Name, "rank-0.json");
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
