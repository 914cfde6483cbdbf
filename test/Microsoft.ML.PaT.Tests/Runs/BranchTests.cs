namespace Microsoft.ML.PaT.Tests;

public class BranchTests
{
    private static readonly PruningAwareTrainingOptions s_dense = TinyRun.Options with
    {
        Pruning = new() { Policy = PruningPolicy.Never },
        Training = TinyRun.Options.Training with { Epochs = 4 },
    };

    [TestCase("taylor", 1, 2)]
    [TestCase("taylor", 1, 3)]
    [TestCase("magnitude", 2, 2)]
    [TestCase("magnitude", 1, 3)]
    public void Runs_that_share_their_dense_epochs_end_as_runs_from_the_beginning(string criterion, int shared, int cut)
    {
        using var folder = new TemporaryFolder();
        new TinyRun(s_dense with { Checkpoints = new() { Folder = folder.Name, Keep = 100 } }).Dispose();
        var options = s_dense with
        {
            Pruning = new()
            {
                Policy = PruningPolicy.AtEpoch(cut),
                Criterion = Importance.ByName(criterion),
                Target = PruningTarget.Channels(0.4),
                IterativeSteps = 2,
            },
        };
        using var whole = new TinyRun(options);
        using var branched = new TinyRun(
            options with { Checkpoints = new() { StartFrom = CheckpointOptions.PathAfter(folder.Name, shared) } });
        Assert.That(branched.Weights, Is.EqualTo(whole.Weights));
        Assert.That(
            branched.Report.Epochs.Select(e => (e.Phase, e.TrainLoss, e.Accuracy)),
            Is.EqualTo(whole.Report.Epochs.Select(e => (e.Phase, e.TrainLoss, e.Accuracy))));
        Assert.That(branched.Report.PruneEpoch, Is.EqualTo(cut));
    }

    [Test]
    public void A_branch_has_checkpoints_of_its_own_and_goes_on_from_them()
    {
        using var folder = new TemporaryFolder();
        using var own = new TemporaryFolder();
        new TinyRun(s_dense with { Checkpoints = new() { Folder = folder.Name, Keep = 100 } }).Dispose();
        var options = s_dense with
        {
            Pruning = new() { Policy = PruningPolicy.AtEpoch(2) },
            Checkpoints = new()
            {
                StartFrom = CheckpointOptions.PathAfter(folder.Name, 1),
                Folder = own.Name,
                Keep = 100,
                Resume = true,
            },
        };
        using var whole = new TinyRun(options);
        File.Delete(own.Checkpoints[^1]);
        using var resumed = new TinyRun(options);
        Assert.That(resumed.Events, Has.Some.StartsWith("Resuming at epoch 3"));
        Assert.That(resumed.Weights, Is.EqualTo(whole.Weights));
    }

    [Test]
    public void What_a_branch_cannot_do_exactly_is_refused()
    {
        using var folder = new TemporaryFolder();
        new TinyRun(
            s_dense with
            {
                Checkpoints = new() { Folder = folder.Name, Keep = 100, Interval = TimeSpan.FromMilliseconds(1) },
            }
        ).Dispose();
        Refused(
            1,
            s_dense with { Pruning = new() { Policy = PruningPolicy.AtEpoch(1) } },
            "epoch:1 cannot start after epoch 1");
        Refused(1, s_dense with { Pruning = new() }, "epi cannot start");
        Refused(1, s_dense with { Training = s_dense.Training with { Epochs = 5 } }, "training.epochs was 4 and is 5");
        var within = folder.Checkpoints.First(f => f.Contains("step-0000002", StringComparison.Ordinal));
        Assert.That(
            () => new TinyRun(s_dense with { Checkpoints = new() { StartFrom = within } }),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("within an epoch"));

        void Refused(int epoch, PruningAwareTrainingOptions options, string why) =>
            Assert.That(
                () =>
                    new TinyRun(
                        options with
                        {
                            Checkpoints = new() { StartFrom = CheckpointOptions.PathAfter(folder.Name, epoch) },
                        }),
                Throws.TypeOf<InvalidFileException>().With.Message.Contains(why));
    }

    [Test]
    public void A_branch_that_diverges_in_its_first_epoch_rolls_back_to_its_start()
    {
        using var folder = new TemporaryFolder();
        using var own = new TemporaryFolder();
        new TinyRun(s_dense with { Checkpoints = new() { Folder = folder.Name, Keep = 100 } }).Dispose();
        var options = s_dense with
        {
            Pruning = new() { Policy = PruningPolicy.AtEpoch(3), Criterion = Importance.Magnitude },
            Training = s_dense.Training with { OnDivergence = DivergenceAction.RollBack },
            Checkpoints = new() { StartFrom = CheckpointOptions.PathAfter(folder.Name, 2), Folder = own.Name },
        };
        var isDiverged = false;
        using var run = new TinyRun(options, happened =>
        {
            if (happened is not EpochEnded { Epoch: 2 } || isDiverged) return;
            isDiverged = true;
            throw new TrainingDivergedException(ErrorCodes.TrainingDiverged, "Diverged.");
        });
        Assert.That(run.Events, Has.One.StartsWith("Diverged. Going back").And.One.StartsWith("Resuming at epoch 2"));
        Assert.That(run.Report.PruneEpoch, Is.EqualTo(3));
    }
}
