using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Runs of several processes, one of which is killed or stopped.</summary>
public class LostRankTests
{
    private const double Timeout = 8, Ends = 15; // of a rank, and of all processes after that, in seconds

    [TestCase(4)]
    [TestCase(30, Category = "Long")]
    public void Run_killed_at_random_moments_resumes_to_the_same_result(int kills)
    {
        using var undisturbed = new TemporaryFolder();
        var whole = RankRun.Read(Complete(undisturbed, "openmpi"));
        var random = new Random(kills);
        for (var i = 0; i < kills; i++)
        {
            var (mpi, rank, after, wait) =
                (i % 2 == 0 ? "openmpi" : "mpich", random.Next(3), random.Next(1, 25), random.Next(60));
            using var checkpoints = new TemporaryFolder();
            using (var folder = new TemporaryFolder())
            {
                using var run = Start(mpi, "disturbed", Timeout, folder, checkpoints);
                Await(() => Written(checkpoints) >= after || run.HasEnded);
                Thread.Sleep(wait);
                if (!run.HasEnded) Signal("KILL", folder, rank);
                var (code, output, error, _) = run.End(Timeout + Ends + 60);
                // The processes may have finished before the kill.
                if (code != 0)
                {
                    Assert.That(
                        output + error,
                        Does.Contain("process rank")
                            .Or.Contain("KILLED BY SIGNAL")
                            .Or.Contain("Killed (signal 9)")
                            .Or.Contain("Rank "));
                }
            }
            Assert.That(checkpoints.Checkpoints, Is.Not.Empty);
            var result = RankRun.Read(Complete(checkpoints, mpi));
            Assert.That(
                result.DistanceTo(whole),
                Is.LessThan(1e-5),
                $"{mpi}, rank {rank}, after {after} checkpoints and {wait} ms");
            Assert.That(result.Kept, Is.EqualTo(whole.Kept));
        }
    }

    [Test]
    public void A_stopped_rank_is_named_within_the_timeout_and_ends_all(
        [Values("openmpi", "mpich")] string mpi, [Values(0, 1)] int rank)
    {
        using var folder = new TemporaryFolder();
        using var checkpoints = new TemporaryFolder();
        using var run = Start(mpi, "impatient", Timeout, folder, checkpoints);
        Await(() => Written(checkpoints) >= 3 || run.HasEnded);
        var clock = Stopwatch.StartNew();
        Signal("STOP", folder, rank);
        var (code, output, error, _) = run.End(Timeout + Ends);
        Assert.That(code, Is.Not.Zero);
        Assert.That(error + output, Does.Contain($"Rank {rank} (").And.Contain("hangs"));
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(Timeout + Ends));
        Assert.That(checkpoints.Checkpoints, Is.Not.Empty);
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
        string mpi, string work, double timeout, TemporaryFolder folder, TemporaryFolder checkpoints) =>
        new(
            mpi,
            3,
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

    private static void Signal(string name, TemporaryFolder folder, int rank)
    {
        using var kill =
            Process.Start("kill", [$"-{name}", File.ReadAllText(Path.Combine(folder.Name, $"process-{rank}.txt"))]);
        kill.WaitForExit();
    }
}
