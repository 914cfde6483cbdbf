using Microsoft.ML.PaT.Distributed;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A run has the same result for any number of processes.</summary>
public class DistributedTrainingTests
{
    private const double Tolerance = 1e-5;

    [TestCase("openmpi", 2)]
    [TestCase("mpich", 4)]
    [TestCase("openmpi", 4, Category = "Long")]
    [TestCase("mpich", 2, Category = "Long")]
    public void Weights_after_54_steps_are_those_of_one_process(string mpi, int size)
    {
        var (alone, ranks) = (Alone("dense"), Train(mpi, size, "dense"));
        RequireSameBits(ranks);
        Assert.That(ranks[0].DistanceTo(alone), Is.LessThan(Tolerance));
        Assert.That(ranks[0].Accuracies, Is.EqualTo(alone.Accuracies));
        Assert.That(ranks[0].Events, Has.Some.StartsWith($"{size} processes share each batch of 16"));
    }

    [TestCase("openmpi", 4)]
    [TestCase("mpich", 2)]
    [TestCase("openmpi", 2, Category = "Long")]
    [TestCase("mpich", 4, Category = "Long")]
    public void Epoch_and_plan_of_the_cut_are_those_of_one_process(string mpi, int size)
    {
        var (alone, ranks) = (Alone("pruned"), Train(mpi, size, "pruned"));
        RequireSameBits(ranks);
        Assert.That(alone.PruneEpoch, Is.Not.Null);
        foreach (var rank in ranks)
        {
            Assert.That(rank.PruneEpoch, Is.EqualTo(alone.PruneEpoch));
            Assert.That(rank.Kept, Is.EqualTo(alone.Kept));
            Assert.That(rank.DistanceTo(alone), Is.LessThan(Tolerance));
        }
    }

    [TestCase("varied", 3)]
    [TestCase("accumulated", 2)]
    public void Augmentation_dropout_and_micro_batches_are_independent_of_process_count(string work, int size)
    {
        var ranks = Train("openmpi", size, work);
        RequireSameBits(ranks);
        Assert.That(ranks[0].DistanceTo(Alone(work)), Is.LessThan(Tolerance));
    }

    [Test]
    public void A_classifier_that_is_fitted_first_is_that_of_one_process([Values("openmpi", "mpich")] string mpi)
    {
        var ranks = Train(mpi, 2, "classifier first");
        RequireSameBits(ranks);
        Assert.That(ranks[0].Events, Has.Some.StartsWith("The classifier was fitted"));
        Assert.That(ranks[0].DistanceTo(Alone("classifier first")), Is.LessThan(Tolerance));
    }

    [Test]
    public void Without_synchronized_norms_ranks_end_with_the_same_bits() =>
        RequireSameBits(Train("mpich", 2, "unsynchronized"));

    [Test]
    public void Batch_per_process_enlarges_the_step_and_scales_the_rate_on_request()
    {
        var ranks = Train("openmpi", 2, "scaled");
        var work = RankWork.Of("scaled", rank: 0);
        var alone = RankRun.Of(
            work with
            {
                Options = work.Options with
                {
                    Training = work.Options.Training with { BatchSize = 16, LearningRate = 0.1 }, Distributed = null,
                },
            },
            SingleProcess.Instance);
        Assert.That(ranks[0].DistanceTo(alone), Is.LessThan(Tolerance));
        Assert.That(ranks[0].Events, Has.Some.Contains("0.1 (0.05 scaled by the number of processes)"));
    }

    [TestCase("other options", "training.weightDecay")]
    [TestCase("other data", "training images")]
    [TestCase("other decisions", "the decision is True: rank 1 prunes on rank 1 and False")]
    [TestCase("no classifier", "FitClassifierFirst is true")]
    [TestCase("small batches", "cannot be shared among 3 ranks")]
    public void Misfit_is_refused_on_every_rank(string work, string named)
    {
        using var folder = new TemporaryFolder();
        using var run = Start("mpich", 3, work, folder);
        var (code, output, error, _) = run.End();
        Assert.That(code, Is.Not.Zero);
        Assert.That(
            Directory.GetFiles(folder.Name, "error-*.txt").Select(File.ReadAllText),
            Has.Exactly(3).Contains(named),
            output + error);
    }

    [Test]
    public void An_error_of_one_rank_ends_all_with_its_words([Values("openmpi", "mpich")] string mpi)
    {
        using var folder = new TemporaryFolder();
        using var run = Start(mpi, 2, "failing", folder);
        var (code, output, error, took) = run.End();
        Assert.That(code, Is.Not.Zero);
        Assert.That(error + output, Does.Contain("Rank 1 (").And.Contain("The disk is full."));
        Assert.That(took.TotalSeconds, Is.LessThan(45), "less than the timeout");
    }

    [Test]
    public void Canceled_while_rank_0_fits_the_classifier_all_end([Values("openmpi", "mpich")] string mpi)
    {
        using var folder = new TemporaryFolder();
        using var run = Start(mpi, 2, "canceled first", folder);
        var (code, output, error, took) = run.End();
        Assert.That(code, Is.Not.Zero);
        Assert.That(error + output, Does.Contain("Rank 0 (").And.Contain("canceled"));
        Assert.That(took.TotalSeconds, Is.LessThan(45), "less than the timeout");
    }

    [Test]
    public void Canceled_on_one_rank_all_stop_after_the_same_step()
    {
        var ranks = Train("openmpi", 2, "stopped");
        RequireSameBits(ranks);
        Assert.That(ranks.Select(r => r.Stopped), Is.All.True);
    }

    [TestCase(2, 1)]
    [TestCase(1, 3)]
    public void A_run_goes_on_with_another_number_of_processes(int before, int after)
    {
        using var folder = new TemporaryFolder();
        var whole = before == 1 ? Alone("pruned", folder.Name) : Train("openmpi", before, "pruned", folder)[0];
        foreach (var late in folder.Checkpoints[5..]) File.Delete(late);
        var resumed = after == 1 ? Alone("pruned", folder.Name) : Train("openmpi", after, "pruned", folder)[0];
        Assert.That(resumed.Events, Has.Some.StartsWith("Resuming at epoch"));
        Assert.That(resumed.DistanceTo(whole), Is.LessThan(Tolerance));
    }

    private static RankRun Alone(string name, string? folder = null)
    {
        var work = RankWork.Of(name, rank: 0, folder);
        return RankRun.Of(work with { Options = work.Options with { Distributed = null } }, SingleProcess.Instance);
    }

    private static RankRun[] Train(string mpi, int size, string work, TemporaryFolder? checkpoints = null)
    {
        using var folder = new TemporaryFolder();
        using var run = Start(mpi, size, work, folder, checkpoints);
        var (code, output, error, _) = run.End(150);
        Assert.That(code, Is.Zero, output + error);
        return [.. Enumerable.Range(0, size).Select(r => RankRun.Read(Path.Combine(folder.Name, $"rank-{r}.json")))];
    }

    private static MpiRun Start(
        string mpi, int size, string work, TemporaryFolder folder, TemporaryFolder? checkpoints = null) =>
        new(
            mpi,
            size,
            [("OMP_NUM_THREADS", "1")],
            ["mpi", "train", "60", work, folder.Name, .. checkpoints is null ? (string[])[] : [checkpoints.Name]]);

    private static void RequireSameBits(IEnumerable<RankRun> ranks) =>
        Assert.That(ranks.Select(r => r.Hash).Distinct().Count(), Is.EqualTo(1), "bits of the weights");
}
