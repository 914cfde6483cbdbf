using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>What ranks do together, and how they find each other.</summary>
public class ProcessGroupTests
{
    [SetUp]
    public void Available() => NativeSupport.Require();

    [Test]
    public void Sums_means_least_and_texts_are_those_of_all_ranks()
    {
        var results = RankThreads.Run(3, group =>
        {
            using var values = tensor(new[] { group.Rank + 1f, 10f });
            group.Sum(values);
            using var mean = tensor(new[] { group.Rank * 3.0 });
            group.Average(mean);
            using var from = tensor(new[] { group.Rank + 5L });
            group.Broadcast(from);
            return (values.data<float>().ToArray(), Mean: mean.item<double>(), Least: group.Least(7 - group.Rank), From: from.item<long>(), Sum: group.Sum(group.Rank),
                Texts: group.Gather(new string('x', group.Rank) + "é"), Bytes: group.Broadcast(group.IsFirst ? [1, 2, 3] : null), Made: group.FromFirst(() => [9]));
        });
        foreach (var r in results)
        {
            Assert.That(r.Item1, Is.EqualTo(new[] { 6f, 30f }));
            Assert.That((r.Mean, r.Least, r.From, r.Sum), Is.EqualTo((3.0, 5L, 5L, 3L)));
            Assert.That(r.Texts, Is.EqualTo(new[] { "é", "xé", "xxé" }));
            Assert.That(r.Bytes, Is.EqualTo(new byte[] { 1, 2, 3 }));
            Assert.That(r.Made, Is.EqualTo(new byte[] { 9 }));
        }
    }

    [Test]
    public void A_process_can_join_one_group_after_another()
    {
        for (var i = 0; i < 2; i++) Assert.That(RankThreads.Try(2, TwoGroups).Select(o => o.Result), Is.All.EqualTo(1 + 2));

        static long TwoGroups(DistributedOptions options)
        {
            var sum = 0L;
            for (var group = 1; group <= 2; group++)
            {
                using var ranks = ProcessGroup.Join(options, CPU)!;
                sum += ranks.Sum(ranks.Rank * group);
            }
            return sum;
        }
    }

    [Test]
    public void A_difference_is_named_on_every_rank()
    {
        var outcomes = RankThreads.Try(3, options =>
        {
            using var group = ProcessGroup.Join(options, CPU)!;
            group.RequireSame("options", new Dictionary<string, string> { ["Seed"] = "1", ["LearningRate"] = group.Rank == 2 ? "0.2" : "0.1" });
            return 0;
        });
        Assert.That(outcomes.Select(o => o.Error), Is.All.TypeOf<RanksException>().With.Message.Contains("LearningRate is 0.2 on rank 2 and 0.1 on rank 0").And.Message.Not.Contains("Seed"));
    }

    [Test]
    public void An_unreachable_master_and_a_missing_rank_are_named_within_the_timeout()
    {
        var clock = Stopwatch.StartNew();
        var nobody = Assert.Throws<RanksException>(() => ProcessGroup.Join(RankThreads.Of(1, 2, RankThreads.FreePort(), seconds: 1), CPU));
        Assert.That(nobody!.Message, Does.Contain("Rank 1 of 2").And.Contain("MASTER_ADDR"));
        var alone = Assert.Throws<RanksException>(() => ProcessGroup.Join(RankThreads.Of(0, 3, RankThreads.FreePort(), seconds: 1), CPU));
        Assert.That(alone!.Message, Does.Contain("1, 2 did not come"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void World_sizes_that_contradict_each_other_are_refused_on_every_rank()
    {
        var outcomes = RankThreads.Try(2, options => ProcessGroup.Join(options with { WorldSize = 2 + options.Rank }, CPU), seconds: 3);
        Assert.That(outcomes.Select(o => o.Error), Is.All.TypeOf<RanksException>().With.Message.Contains("WORLD_SIZE"));
    }

    [Test]
    public void A_rank_that_fails_by_itself_ends_the_others_with_its_words()
    {
        var outcomes = RankThreads.Try(3, options =>
        {
            using var group = ProcessGroup.Join(options, CPU)!;
            try
            {
                if (group.Rank == 1) throw new InvalidOperationException("the disk is full.");
                return group.Sum(1);
            }
            catch (Exception e)
            {
                group.Fail(e);
                throw;
            }
        }, seconds: 8);
        Assert.That(outcomes[1].Error, Is.TypeOf<InvalidOperationException>());
        foreach (var r in new[] { 0, 2 }) Assert.That(outcomes[r].Error, Is.TypeOf<RanksException>().With.Message.Contains("Rank 1").And.Message.Contains("the disk is full"));
    }

    [Test]
    public void A_rank_that_hangs_is_named_within_the_timeout()
    {
        using var end = new ManualResetEventSlim();
        var clock = Stopwatch.StartNew();
        var outcomes = RankThreads.Try(3, options =>
        {
            using var group = ProcessGroup.Join(options, CPU)!;
            if (group.Rank == 2)
            {
                end.Wait(TimeSpan.FromSeconds(30));
                return 0;
            }
            try
            {
                return group.Sum(1);
            }
            catch (Exception e)
            {
                group.Fail(e);
                throw;
            }
            finally
            {
                if (group.Rank == 1) end.Set();
            }
        }, seconds: 8);
        foreach (var r in new[] { 0, 1 }) Assert.That(outcomes[r].Error, Is.TypeOf<RanksException>().With.Message.Contains("Rank 2").And.Message.Contains("hangs"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }
}
