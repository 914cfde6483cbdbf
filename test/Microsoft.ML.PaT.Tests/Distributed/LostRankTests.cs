using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Ranks in processes of their own: killed, stopped, slow, cut off. The others end within the timeout with an error that names the rank, and the run goes on from its checkpoint.</summary>
public class LostRankTests
{
    private const double Timeout = 8;

    /// <summary>Within the timeout, and some for processes to end on a busy machine.</summary>
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(Timeout + 12);

    [SetUp]
    public void Available() => NativeSupport.Require();

    [TestCase(4)]
    [TestCase(30, Category = "Long")]
    public void Killed_at_random_moments(int kills)
    {
        var random = new Random(kills);
        for (var i = 0; i < kills; i++)
        {
            using var folder = new TemporaryFolder();
            var lost = i % 3;
            using var group = new Group(3, folder, epochs: 100_000);
            group.AwaitTraining();
            Thread.Sleep(random.Next(500));
            var clock = Stopwatch.StartNew();
            group.Ranks[lost].Kill();
            foreach (var (r, rank) in group.Ranks.Index().Where(r => r.Index != lost))
                Assert.That(rank.End(s_end), Does.StartWith($"error: Rank {lost} "), $"kill {i}: rank {r}");
            Assert.That(clock.Elapsed, Is.LessThan(s_end));
            Assert.That(folder.Checkpoints, Is.Not.Empty);
        }
    }

    [Test]
    public void What_goes_on_after_a_kill_ends_as_if_nothing_had_happened()
    {
        using var calm = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        const int epochs = 6;
        string undisturbed;
        using (var group = new Group(2, calm, epochs)) undisturbed = group.Ends()[0];
        using (var group = new Group(2, folder, epochs))
        {
            group.AwaitTraining();
            group.Ranks[1].Kill();
            group.Ends();
        }
        using (var group = new Group(2, folder, epochs)) Assert.That(group.Ends(), Is.All.EqualTo(undisturbed));
    }

    [Test]
    public void A_slow_process_is_waited_for_and_changes_nothing()
    {
        using var calm = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        const int epochs = 6;
        string undisturbed;
        using (var group = new Group(2, calm, epochs)) undisturbed = group.Ends()[0];
        // Its slowest stretch must fit into half of the timeout: what takes longer counts as hanging.
        using var slow = new Group(2, folder, epochs, timeout: 60);
        slow.AwaitTraining();
        slow.Ranks[1].SlowDownTenfold();
        Assert.That(slow.Ends(), Is.All.EqualTo(undisturbed).And.All.Length.EqualTo(64));
    }

    [Test]
    public void A_stopped_process_is_named()
    {
        using var other = new TemporaryFolder();
        using var stopped = new Group(2, other, epochs: 100_000);
        stopped.AwaitTraining();
        stopped.Ranks[1].Signal("STOP");
        Assert.That(stopped.Ranks[0].End(s_end), Does.StartWith("error: Rank 1 "));
    }

    [Test]
    public void A_cut_link_between_two_machines_ends_both()
    {
        using var network = TwoNamespaces.Make();
        using var folder = new TemporaryFolder();
        using var away = new TemporaryFolder();
        var port = RankThreads.FreePort();
        using var first = new RankProcess(0, 2, port, folder.Name, Timeout, 100_000, TwoNamespaces.FirstAddress, network.First);
        using var second = new RankProcess(1, 2, port, away.Name, Timeout, 100_000, TwoNamespaces.FirstAddress, network.Second);
        first.AwaitTraining();
        network.Cut();
        Assert.That(first.End(s_end), Does.StartWith("error: Rank 1 "));
        Assert.That(second.End(s_end), Does.StartWith("error: Rank 0 "));
        Assert.That(folder.Checkpoints, Is.Not.Empty);
    }

    [Test]
    public void Two_processes_of_one_number_are_refused()
    {
        using var folder = new TemporaryFolder();
        var port = RankThreads.FreePort();
        using var first = new RankProcess(0, 3, port, folder.Name, Timeout, 3);
        using var one = new RankProcess(1, 3, port, folder.Name, Timeout, 3);
        using var twin = new RankProcess(1, 3, port, folder.Name, Timeout, 3);
        foreach (var rank in new[] { first, one, twin }) Assert.That(rank.End(s_end), Does.StartWith("error: Two processes are rank 1"));
    }

    private sealed class Group : IDisposable
    {
        public Group(int size, TemporaryFolder folder, int epochs, double timeout = Timeout)
        {
            var port = RankThreads.FreePort();
            Ranks = [.. Enumerable.Range(0, size).Select(rank => new RankProcess(rank, size, port, folder.Name, timeout, epochs))];
        }

        public RankProcess[] Ranks { get; }

        public void AwaitTraining()
        {
            foreach (var rank in Ranks) rank.AwaitTraining();
        }

        public string[] Ends() => [.. Ranks.Select(r => r.End(TimeSpan.FromSeconds(90)))];

        public void Dispose()
        {
            foreach (var rank in Ranks) rank.Dispose();
        }
    }
}
