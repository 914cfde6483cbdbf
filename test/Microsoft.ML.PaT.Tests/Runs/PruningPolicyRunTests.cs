using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

/// <summary>When a run prunes, and how it trains after that.</summary>
public class PruningPolicyRunTests
{
    private static readonly PruningAwareTrainingOptions s_options = LearningRun.Options;

    [Test]
    public void Pruning_before_the_first_step_works_with_every_criterion(
        [ValueSource(typeof(Importance), nameof(Importance.All))] Importance criterion)
    {
        using var result = new LearningRun(
            s_options with { Pruning = new() { Policy = PruningPolicy.AtEpoch(0), Criterion = criterion } });
        Assert.That(result.Report.PruneEpoch, Is.Zero);
        Assert.That(result.Report.Observations[0].At, Is.Zero);
        Assert.That(result.Report.Epochs[0].Phase, Is.EqualTo(TrainingPhase.Pruning));
    }

    [Test]
    public void Probing_leaves_no_trace_in_the_training()
    {
        var options = s_options with { Training = s_options.Training with { Epochs = 2 } };
        using var plain = new LearningRun(options with { Pruning = new() { Policy = PruningPolicy.Never } });
        using var probed = new LearningRun(
            options with
            {
                Pruning = new()
                {
                    Policy = new EarlyPruningIndicatorPolicy { Tau = 1, Deadline = 0.99, ObservationsPerEpoch = 2 },
                    Criterion = Importance.Snip,
                },
            });
        Assert.That(probed.Report.Observations, Has.Count.GreaterThan(3));
        Assert.That(probed.Report.Epochs[0].TrainLoss, Is.EqualTo(plain.Report.Epochs[0].TrainLoss));
        Assert.That(probed.Report.Epochs[0].Accuracy, Is.EqualTo(plain.Report.Epochs[0].Accuracy));
    }

    [TestCase("taylor", 0.9)]
    [TestCase("magnitude", 0.5)]
    public void Replaying_the_observations_through_the_indicator_gives_the_epoch_of_pruning(
        string criterion, double tau)
    {
        using var result = new LearningRun(
            s_options with
            {
                Pruning = new()
                {
                    Criterion = Importance.ByName(criterion),
                    Policy = new EarlyPruningIndicatorPolicy { Tau = tau, ObservationsPerEpoch = 8, Deadline = 0.9 },
                },
            });
        var indicator = new EarlyPruningIndicator();
        var trigger = new StabilityTrigger(lookBack: 5);
        var observations = result.Report.Observations;
        foreach (var observation in observations)
        {
            var epi = indicator.Observe(observation.Counts);
            Assert.That(observation.Epi, Is.EqualTo(epi));
            Assert.That(
                trigger.Observe(epi, tau),
                Is.EqualTo(observation.Reason.StartsWith("stable", StringComparison.Ordinal)));
        }
        Assert.That(observations.Count(o => o.Prune), Is.EqualTo(1));
        Assert.That((int)observations[^1].At, Is.EqualTo(result.Report.PruneEpoch));
    }

    [TestCase("epi")]
    [TestCase("epi by group")]
    [TestCase("early-bird")]
    public void A_policy_decides_the_same_on_its_recorded_observations(string name)
    {
        PruningPolicy policy = name switch
        {
            "epi" => new EarlyPruningIndicatorPolicy { ObservationsPerEpoch = 8, Deadline = 0.9 },
            "epi by group" => new EarlyPruningIndicatorPolicy
            {
                ObservationsPerEpoch = 8,
                Deadline = 0.9,
                CountGroups = true,
            },
            _ => new EarlyBirdPolicy { ObservationsPerEpoch = 8, Deadline = 0.9 },
        };
        using var result = new LearningRun(s_options with { Pruning = new() { Policy = policy } });
        var groups = ChannelGroups.Of(s_options.Network!.Build(new(3, 8, 8), 3));
        var watch = new PolicyHistory(policy, s_options.Training);
        foreach (var seen in result.Report.Observations)
        {
            Assert.That(
                seen.Counts,
                Has.Count.EqualTo(name == "epi by group" ? groups.Groups.Count : groups.PrunableLayers.Count));
            var churn =
                watch.Add(seen.At, seen.Counts, ChannelMask.Parse(seen.Kept!, groups.Groups.Sum(g => g.Width))).Churn;
            var again = watch.Decide();
            Assert.That(
                (again.Prune, again.Reason, churn),
                Is.EqualTo((seen.Prune, seen.Reason, seen.Churn)));
        }
        Assert.That(result.Report.Observations[^1].Prune, Is.True);
        Assert.That(result.Report.Observations.Skip(1).Select(o => o.Churn), Is.All.InRange(0, 1));
    }

    [Test]
    public void After_training_comes_pruning_and_then_retraining()
    {
        var training = s_options.Training with { Epochs = 2, Decay = LearningRateDecay.Steps };
        var ends = new List<EpochEnded>();
        using var result = new LearningRun(
            s_options with
            {
                Training = training,
                Pruning = new()
                {
                    Policy = PruningPolicy.AfterTraining,
                    Retraining = new() { Schedule = RetrainingSchedule.LearningRateRewinding, Epochs = 2 },
                },
            },
            happened =>
            {
                if (happened is EpochEnded end) ends.Add(end);
            });
        var report = result.Report;
        Assert.That(ends.Select(e => e.Fraction), Is.EqualTo(new[] { 0.25, 0.5, 0.75, 1 }), "with the retraining");
        Assert.That(ends[1].Remaining!.Value.TotalSeconds, Is.Positive, "of the retraining");
        Assert.That(report.PruneEpoch, Is.EqualTo(2));
        Assert.That(report.Stopped, Is.False);
        TrainingPhase[] phases =
            [TrainingPhase.Dense, TrainingPhase.Dense, TrainingPhase.Pruning, TrainingPhase.Compact];
        Assert.That(report.Epochs.Select(e => e.Phase), Is.EqualTo(phases));
        Assert.That(
            report.Epochs.Select(e => e.LearningRate),
            Is.EqualTo(new[] { 0.1, 0.01, 0.1, 0.01 }).Within(1e-12),
            "rewound to the start");
        Assert.That(
            (report.Retraining!.Schedule, report.Retraining.FromEpoch, report.Retraining.Epochs),
            Is.EqualTo(("lrw", 2, 2)));
        Assert.That(report.Retraining.WeightChange, Is.InRange(0.1, 1.2));
    }

    [Test]
    public void Retraining_takes_the_remaining_epochs_or_the_given_number()
    {
        var pruning = new PruningOptions
        {
            Policy = PruningPolicy.AtEpoch(1),
            Retraining = new() { Schedule = RetrainingSchedule.FineTuning, LowRate = 0.03 },
        };
        using var left = new LearningRun(s_options with { Pruning = pruning });
        Assert.That(left.Report.Epochs.Skip(1).Select(e => e.LearningRate), Is.EqualTo(new[] { 0.03, 0.03, 0.03 }));
        var progress = new List<RunEvent>();
        using var given = new LearningRun(
            s_options with { Pruning = pruning with { Retraining = pruning.Retraining with { Epochs = 5 } } },
            progress.Add);
        Assert.That(given.Report.Epochs, Has.Count.EqualTo(6), "longer than the run was to be");
        var last = progress.OfType<EpochEnded>().Last();
        Assert.That((last.Epochs, last.Fraction), Is.EqualTo((6, 1.0)));
    }

    [TestCase(1, true)]
    [TestCase(2, false)]
    public void A_run_that_ends_before_it_prunes_says_so(int epochs, bool isDense)
    {
        var events = new List<RunEvent>();
        var options = s_options with { Training = s_options.Training with { Epochs = epochs, BatchSize = 192 } };
        using var result = new LearningRun(options, events.Add);
        var warnings = events.Where(e => e.Severity == RunEventSeverity.Warning).Select(e => e.Text);
        Assert.That(result.Report.PruneEpoch is null, Is.EqualTo(isDense));
        Assert.That(
            warnings,
            isDense ? Has.One.Contains("before its network was pruned (policy epi; epochs: 1, ") : Is.Empty);
    }

    [Test]
    public void Pruning_before_the_first_step_can_be_followed_by_any_schedule()
    {
        using var result = new LearningRun(
            s_options with { Pruning = new() { Policy = PruningPolicy.AtInitialization, Retraining = new() } });
        Assert.That(
            TrainingRecipe.FromJson(result.Report.Recipe).Pruning.Policy, Is.EqualTo(PruningPolicy.AtInitialization));
        Assert.That((result.Report.PruneEpoch, result.Report.Retraining!.FromEpoch), Is.EqualTo((0, 0)));
        Assert.That(result.Report.Epochs[^1].LearningRate, Is.EqualTo(0.1 / 1e4).Within(1e-12), "the end of clr");
    }

    [Test]
    public void A_trained_network_can_be_pruned_and_trained_again_from_its_weights()
    {
        using var dense = new LearningRun(s_options with { Pruning = new() { Policy = PruningPolicy.Never } });
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "trained.safetensors");
        dense.Classifier.SaveWeights(path);
        var options = s_options with
        {
            Weights = new(path),
            Training = s_options.Training with { Epochs = 1, LearningRate = 0.02, WarmupFraction = 0 },
        };
        using var scratch =
            new LearningRun(options with { Weights = null, Pruning = new() { Policy = PruningPolicy.Never } });
        using var further = new LearningRun(options with { Pruning = new() { Policy = PruningPolicy.Never } });
        using var pruned = new LearningRun(
            options with
            {
                Pruning = new() { Policy = PruningPolicy.AtEpoch(0), Criterion = Importance.Magnitude, RoundTo = 4 },
            });
        Assert.That(further.Report.Epochs[0].TrainLoss, Is.LessThan(scratch.Report.Epochs[0].TrainLoss / 2));
        Assert.That(pruned.Report.Compact!.Parameters, Is.LessThan(pruned.Report.Dense.Parameters));
        Assert.That(pruned.Report.Epochs[0].TrainLoss, Is.LessThan(scratch.Report.Epochs[0].TrainLoss));
    }
}
