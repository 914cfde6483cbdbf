using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

/// <summary>How much a run prunes: targets, plans, ranking and iterative pruning.</summary>
public class PruningStepsRunTests
{
    private static readonly PruningAwareTrainingOptions s_options = LearningRun.Options;

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(100)]
    public void The_last_of_several_pruning_steps_meets_the_budget(int steps)
    {
        using var result = new LearningRun(s_options with
        {
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1), IterativeSteps = steps, RoundTo = 1 },
        });
        var widths = result.Report.Widths.Values;
        Assert.That(widths.Sum(w => w[1]), Is.EqualTo(widths.Sum(w => w[0]) / 2.0).Within(2));
        Assert.That(
            result.Report.Epochs.Select(e => e.Phase),
            Is.EqualTo(
                new[] { TrainingPhase.Dense, TrainingPhase.Pruning, TrainingPhase.Compact, TrainingPhase.Compact }));
    }

    [Test]
    public void Every_schedule_meets_every_target_in_several_steps(
        [Values("channels", "macs", "parameters")] string kind, [Values] PruningSchedule schedule)
    {
        var target = kind switch
        {
            "macs" => PruningTarget.Macs(0.5),
            "parameters" => PruningTarget.Parameters(0.5),
            _ => PruningTarget.Channels(0.5),
        };
        var options = s_options with
        {
            Pruning = new()
            {
                Target = target,
                Policy = PruningPolicy.AtEpoch(1),
                IterativeSteps = 2,
                IterativeEpochs = 2,
                Schedule = schedule,
                RoundTo = 1,
            },
        };
        using var result = new LearningRun(options);
        var report = result.Report;
        var left = kind switch
        {
            "macs" => report.Compact!.Macs / (double)report.Dense.Macs,
            "parameters" => report.Compact!.Parameters / (double)report.Dense.Parameters,
            _ => report.Widths.Values.Sum(w => w[1]) / (double)report.Widths.Values.Sum(w => w[0]),
        };
        Assert.That(left, Is.InRange(0.44, 0.5));
        // The second step comes an epoch after the first.
        Assert.That(
            report.Epochs.Select(e => e.Phase),
            Is.EqualTo(
                new[] { TrainingPhase.Dense, TrainingPhase.Pruning, TrainingPhase.Pruning, TrainingPhase.Compact }));
    }

    [Test]
    public void A_target_by_training_time_predicts_the_remaining_time()
    {
        using var result = new LearningRun(
            s_options with
            {
                Pruning = new()
                {
                    Target = PruningTarget.TrainingTime(0.02), Policy = PruningPolicy.AtEpoch(1), RoundTo = 4,
                },
            });
        Assert.That(result.Report.PredictedTrainingTime, Is.GreaterThan(0).And.LessThanOrEqualTo(0.98));
        Assert.That(result.Report.PredictedLatencyMs, Is.Null);
        Assert.That(result.Report.Compact!.Parameters, Is.LessThan(result.Report.Dense.Parameters));
    }

    [Test]
    public void A_target_by_latency_predicts_and_measures_the_remaining_latency()
    {
        using var result = new LearningRun(
            s_options with
            {
                Pruning = new()
                {
                    Target = PruningTarget.Latency(0.02),
                    Policy = PruningPolicy.AtEpoch(1),
                    RoundTo = 4,
                    LatencyBatch = 16,
                    RecalibrateBatchNorm = 3,
                },
            });
        Assert.That(
            result.Report.PredictedLatencyMs,
            Is.GreaterThan(0).And.LessThanOrEqualTo(0.98 * result.Report.Dense.LatencyMs!.Value + 1e-9));
        Assert.That(result.Report.Compact!.LatencyMs, Is.GreaterThan(0));
        var pruned = TrainingRecipe.FromJson(result.Report.Recipe).Pruning;
        Assert.That((pruned.Target.Kind, pruned.LatencyBatch), Is.EqualTo((PruningTargetKind.Latency, 16)));
    }

    [Test]
    public void Pruning_steps_after_the_last_epoch_happen_before_the_end()
    {
        using var result = new LearningRun(
            s_options with
            {
                Pruning = new()
                {
                    Policy = PruningPolicy.AtEpoch(3),
                    IterativeSteps = 3,
                    IterativeEpochs = 9,
                    RoundTo = 1,
                },
            });
        var widths = result.Report.Widths.Values;
        Assert.That(widths.Sum(w => w[1]), Is.EqualTo(widths.Sum(w => w[0]) / 2.0).Within(4));
    }

    [Test]
    public void Pruning_steps_may_begin_and_end_within_epochs()
    {
        var policy = new EarlyPruningIndicatorPolicy
        {
            Tau = 1,
            Deadline = 0.3,
            ObservationsPerEpoch = 2,
        }; // at 1.5 of 4 epochs
        var events = new List<string>();
        using var result = new LearningRun(
            s_options with { Pruning = new() { Policy = policy, IterativeSteps = 3 } },
            happened =>
            {
                if (happened is not StepProgressed)
                    events.Add(happened.Text);
            });
        Assert.That(
            events.Count(e => e.StartsWith("Prun", StringComparison.Ordinal)), Is.EqualTo(2), "one beginning, one end");
        Assert.That(
            result.Report.Epochs.Select(e => e.Phase),
            Is.EqualTo(
                new[] { TrainingPhase.Dense, TrainingPhase.Pruning, TrainingPhase.Pruning, TrainingPhase.Compact }));
        Assert.That(result.Report.PruneEpoch, Is.EqualTo(1));
    }

    [Test]
    public void A_plan_gives_the_same_widths_in_another_run()
    {
        using var first = new LearningRun(
            s_options with { Pruning = new() { Policy = PruningPolicy.AtEpoch(1), IterativeSteps = 3, RoundTo = 1 } });
        var again =
            s_options with { Seed = 7, Pruning = new() { Policy = PruningPolicy.AtEpoch(2), Plan = first.Plan } };
        using var second = new LearningRun(again);
        Assert.That(second.Report.Widths, Is.EqualTo(first.Report.Widths));
        Assert.That(second.Plan!.Kept, Is.EquivalentTo(first.Plan!.Kept));
        Assert.That(second.Report.PruneEpoch, Is.EqualTo(2));
        Assert.That(
            () => new LearningRun(again with { Network = Networks.ByName("resnet14") }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("resnet14"));
    }

    [Test]
    public void Ranking_per_layer_gives_every_group_the_same_fraction()
    {
        using var result = new LearningRun(
            s_options with
            {
                Pruning = new() { Policy = PruningPolicy.AtEpoch(1), Ranking = RankingScope.PerLayer, RoundTo = 4 },
                Training = s_options.Training with { Epochs = 2 },
            });
        Assert.That(result.Report.Widths.Values.Select(w => (double)w[1] / w[0]), Is.All.EqualTo(0.5));
        Assert.That(TrainingRecipe.FromJson(result.Report.Recipe).Pruning.Ranking, Is.EqualTo(RankingScope.PerLayer));
    }

    [Test]
    public void An_unreachable_target_throws_before_training_with_the_reachable_range()
    {
        var options = s_options with { Pruning = new() { Target = PruningTarget.Channels(0.95), RoundTo = 8 } };
        Assert.That(
            () => new LearningRun(options), Throws.TypeOf<UnreachableTargetException>().With.Message.Contains("most"));
    }
}
