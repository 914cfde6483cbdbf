using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Zoo;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Runs;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class PruningAwareRunTests
{
    private static readonly PruningAwareTrainingOptions s_options = new()
    {
        Network = Networks.ByName("resnet8"),
        Images = new() { RandomCropPadding = 1, HorizontalFlip = false },
        Training = new() { Epochs = 4, BatchSize = 32, LearningRate = 0.1 }, Threads = 1,
    };

    private static readonly NetworkArchitecture s_dropout = new("dropout", new(3, 8, 8), (input, classes) =>
    {
        var builder = new NetworkBuilder("dropout", input);
        var x = builder.Relu(
            "relu", builder.BatchNorm("bn", builder.Convolution("conv", NetworkDefinition.InputName, 16, kernel: 3)));
        builder.Linear("fc", builder.Dropout("drop", builder.GlobalAveragePool("pool", x), 0.5), classes);
        return builder.Build();
    });

    [Test]
    public void Learns_prunes_at_the_epoch_asked_for_and_returns_the_compact_network()
    {
        using var result = new Run(s_options with { Pruning = new() { Policy = PruningPolicy.AtEpoch(2) } });
        var report = result.Report;
        Assert.That(report.PruneEpoch, Is.EqualTo(2));
        TrainingPhase[] phases =
            [TrainingPhase.Dense, TrainingPhase.Dense, TrainingPhase.Pruning, TrainingPhase.Compact];
        Assert.That(report.Epochs.Select(e => e.Phase), Is.EqualTo(phases));
        Assert.That(report.Epochs[^1].Accuracy, Is.GreaterThan(0.9));
        Assert.That(report.Compact!.Parameters, Is.LessThan(report.Dense.Parameters));
        Assert.That(NetworkCost.Of(result.Classifier.Network).Parameters, Is.EqualTo(report.Compact.Parameters));
        Assert.That(report.MacEpochs, Is.EqualTo(2 + 2.0 * report.Compact.Macs / report.Dense.Macs).Within(1e-9));
        Assert.That(
            report.Widths["layer3.0.conv1"][1],
            Is.EqualTo(result.Classifier.Network.OutputShape("layer3.0.conv1").Channels));
    }

    [TestCase("vit", 0.05)]
    [TestCase("convnext", 0.2)]
    public void Networks_with_layer_norms_learn_before_and_after_pruning(string family, double learningRate)
    {
        NetworkArchitecture network = new(family, new(3, 8, 8), (input, classes) => family == "vit"
            ? VisionTransformer.Build(family, input, classes, patch: 4, width: 32, depth: 2, heads: 4)
            : ConvNeXt.Build(family, input, classes, widths: [16, 32], depths: [1, 1]));
        using var result = new Run(s_options with
        {
            Network = network,
            Pruning = new() { Policy = PruningPolicy.AtEpoch(5), RoundTo = 8 },
            Training = s_options.Training with { Epochs = 10, LearningRate = learningRate },
        });
        var report = result.Report;
        Assert.That(report.Epochs[4].TrainLoss, Is.LessThan(report.Epochs[0].TrainLoss * 0.6));
        Assert.That(report.Epochs[^1].TrainLoss, Is.LessThan(0.3));
        Assert.That(report.Epochs[^1].Accuracy, Is.GreaterThan(0.8));
        Assert.That(report.Widths.Values.Select(w => w[1] % 8), Is.All.Zero);
        Assert.That(
            report.Widths.Values.Sum(w => w[1]), Is.EqualTo(report.Widths.Values.Sum(w => w[0]) / 2.0).Within(32));
    }

    [Test]
    public void Never_pruning_leaves_the_network_whole_and_says_nothing_of_a_compact_one()
    {
        using var result = new Run(s_options with { Pruning = new() { Policy = PruningPolicy.Never } });
        Assert.That(result.Report.PruneEpoch, Is.Null);
        Assert.That(result.Report.Compact, Is.Null);
        Assert.That(result.Report.MacEpochs, Is.EqualTo(4).Within(1e-9));
        Assert.That(result.Report.Observations, Is.Empty);
        Assert.That(result.Report.Epochs.Select(e => e.Phase), Is.All.EqualTo(TrainingPhase.Dense));
        Assert.That(
            result.Report.Widths.Values, Is.All.Matches<int[]>(w => w is [var before, var after] && before == after));
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(100)]
    public void Channels_are_removed_in_the_given_number_of_steps_and_the_last_meets_the_budget(int steps)
    {
        using var result = new Run(s_options with
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
    public void Every_target_is_met_in_several_steps_by_every_schedule(
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
        using var result = new Run(options);
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
    public void A_target_by_training_time_predicts_what_it_leaves()
    {
        using var result = new Run(
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
    public void A_target_by_latency_predicts_and_measures_what_it_leaves()
    {
        using var result = new Run(
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
    public void Cuts_that_would_come_after_the_run_come_before_its_end()
    {
        using var result = new Run(
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
    public void A_plan_is_carried_out_in_another_run_with_the_same_result()
    {
        using var first = new Run(
            s_options with { Pruning = new() { Policy = PruningPolicy.AtEpoch(1), IterativeSteps = 3, RoundTo = 1 } });
        var again =
            s_options with { Seed = 7, Pruning = new() { Policy = PruningPolicy.AtEpoch(2), Plan = first.Plan } };
        using var second = new Run(again);
        Assert.That(second.Report.Widths, Is.EqualTo(first.Report.Widths));
        Assert.That(second.Plan!.Kept, Is.EquivalentTo(first.Plan!.Kept));
        Assert.That(second.Report.PruneEpoch, Is.EqualTo(2));
        Assert.That(
            () => new Run(again with { Network = Networks.ByName("resnet14") }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("resnet14"));
    }

    [Test]
    public void Cuts_that_begin_within_an_epoch_end_within_the_next()
    {
        var policy = new EarlyPruningIndicatorPolicy
        {
            Tau = 1,
            Deadline = 0.3,
            ObservationsPerEpoch = 2,
        }; // at 1.5 of 4 epochs
        var events = new List<string>();
        using var result = new Run(
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
    public void Pruning_before_the_first_step_works_with_every_criterion(
        [ValueSource(typeof(Importance), nameof(Importance.All))] Importance criterion)
    {
        using var result =
            new Run(s_options with { Pruning = new() { Policy = PruningPolicy.AtEpoch(0), Criterion = criterion } });
        Assert.That(result.Report.PruneEpoch, Is.Zero);
        Assert.That(result.Report.Observations[0].At, Is.Zero);
        Assert.That(result.Report.Epochs[0].Phase, Is.EqualTo(TrainingPhase.Pruning));
    }

    [Test]
    public void Probing_leaves_no_trace_in_the_training()
    {
        var options = s_options with { Training = s_options.Training with { Epochs = 2 } };
        using var plain = new Run(options with { Pruning = new() { Policy = PruningPolicy.Never } });
        using var probed = new Run(
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

    [Test]
    public void Ranking_per_layer_gives_every_group_the_same_fraction()
    {
        using var result = new Run(
            s_options with
            {
                Pruning = new() { Policy = PruningPolicy.AtEpoch(1), Ranking = RankingScope.PerLayer, RoundTo = 4 },
                Training = s_options.Training with { Epochs = 2 },
            });
        Assert.That(result.Report.Widths.Values.Select(w => (double)w[1] / w[0]), Is.All.EqualTo(0.5));
        Assert.That(TrainingRecipe.FromJson(result.Report.Recipe).Pruning.Ranking, Is.EqualTo(RankingScope.PerLayer));
    }

    [TestCase("taylor", 0.9)]
    [TestCase("magnitude", 0.5)]
    public void Replaying_the_observations_through_the_indicator_gives_the_epoch_of_pruning(
        string criterion, double tau)
    {
        using var result = new Run(
            s_options with
            {
                Pruning = new()
                {
                    Criterion = Importance.ByName(criterion),
                    Policy = new EarlyPruningIndicatorPolicy { Tau = tau, ObservationsPerEpoch = 8, Deadline = 0.9 },
                },
            });
        var indicator = new EarlyPruningIndicator();
        var trigger = new StabilityTrigger(tau);
        var observations = result.Report.Observations;
        foreach (var observation in observations)
        {
            var epi = indicator.Observe(observation.Counts);
            Assert.That(observation.Epi ?? double.NaN, Is.EqualTo(epi));
            Assert.That(
                trigger.Observe(epi), Is.EqualTo(observation.Reason.StartsWith("stable", StringComparison.Ordinal)));
        }
        Assert.That(observations.Count(o => o.Prune), Is.EqualTo(1));
        Assert.That((int)observations[^1].At, Is.EqualTo(result.Report.PruneEpoch));
    }

    [Test]
    public void A_trained_network_can_be_pruned_and_trained_again_from_its_weights()
    {
        using var dense = new Run(s_options with { Pruning = new() { Policy = PruningPolicy.Never } });
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "trained.safetensors");
        dense.Classifier.SaveWeights(path);
        var options = s_options with
        {
            Weights = new(path),
            Training = s_options.Training with { Epochs = 1, LearningRate = 0.02, WarmupFraction = 0 },
        };
        using var scratch = new Run(options with { Weights = null, Pruning = new() { Policy = PruningPolicy.Never } });
        using var further = new Run(options with { Pruning = new() { Policy = PruningPolicy.Never } });
        using var pruned = new Run(
            options with
            {
                Pruning = new() { Policy = PruningPolicy.AtEpoch(0), Criterion = Importance.Magnitude, RoundTo = 4 },
            });
        Assert.That(further.Report.Epochs[0].TrainLoss, Is.LessThan(scratch.Report.Epochs[0].TrainLoss / 2));
        Assert.That(pruned.Report.Compact!.Parameters, Is.LessThan(pruned.Report.Dense.Parameters));
        Assert.That(pruned.Report.Epochs[0].TrainLoss, Is.LessThan(scratch.Report.Epochs[0].TrainLoss));
    }

    [TestCase("epi")]
    [TestCase("epi by group")]
    [TestCase("early-bird")]
    public void A_policy_that_is_shown_its_record_again_decides_the_same(string name)
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
        using var result = new Run(s_options with { Pruning = new() { Policy = policy } });
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
        using var result = new Run(
            s_options with
            {
                Training = training,
                Pruning = new()
                {
                    Policy = PruningPolicy.AfterTraining,
                    Retraining = new() { Schedule = RetrainingSchedule.LearningRateRewinding, Epochs = 2 },
                },
            });
        var report = result.Report;
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
        using var left = new Run(s_options with { Pruning = pruning });
        Assert.That(left.Report.Epochs.Skip(1).Select(e => e.LearningRate), Is.EqualTo(new[] { 0.03, 0.03, 0.03 }));
        var progress = new List<RunEvent>();
        using var given = new Run(
            s_options with { Pruning = pruning with { Retraining = pruning.Retraining with { Epochs = 5 } } },
            progress.Add);
        Assert.That(given.Report.Epochs, Has.Count.EqualTo(6), "longer than the run was to be");
        var last = progress.OfType<EpochEnded>().Last();
        Assert.That((last.Epochs, last.Fraction), Is.EqualTo((6, 1.0)));
    }

    [Test]
    public void Pruning_before_the_first_step_can_be_followed_by_any_schedule()
    {
        using var result =
            new Run(s_options with { Pruning = new() { Policy = PruningPolicy.AtInitialization, Retraining = new() } });
        Assert.That(
            TrainingRecipe.FromJson(result.Report.Recipe).Pruning.Policy, Is.EqualTo(PruningPolicy.AtInitialization));
        Assert.That((result.Report.PruneEpoch, result.Report.Retraining!.FromEpoch), Is.EqualTo((0, 0)));
        Assert.That(result.Report.Epochs[^1].LearningRate, Is.EqualTo(0.1 / 1e4).Within(1e-12), "the end of clr");
    }

    [Test]
    public void The_same_seed_gives_the_same_run_and_another_one_does_not([Values] bool dropout)
    {
        var options = s_options with
        {
            Network = dropout ? s_dropout : s_options.Network,
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = s_options.Training with { Epochs = 2 },
        };
        using var one = new Run(options);
        using var same = new Run(options);
        using var other = new Run(options with { Seed = 2 });
        Assert.That(
            same.Report.Epochs.Select(e => e.TrainLoss), Is.EqualTo(one.Report.Epochs.Select(e => e.TrainLoss)));
        Assert.That(
            other.Report.Epochs.Select(e => e.TrainLoss), Is.Not.EqualTo(one.Report.Epochs.Select(e => e.TrainLoss)));
    }

    [Test]
    public void Does_not_touch_the_random_numbers_of_its_host()
    {
        torch.random.manual_seed(5);
        using var expected = torch.rand(4);
        torch.random.manual_seed(5);
        new Run(
            s_options with
            {
                Training = s_options.Training with { Epochs = 1 },
                Pruning = new() { Policy = PruningPolicy.Never },
            }
        ).Dispose();
        using var actual = torch.rand(4);
        TensorAssert.Close(actual, expected, 0);
    }

    [Test]
    public void Canceling_stops_at_the_next_step_and_keeps_what_there_is()
    {
        using var source = new CancellationTokenSource();
        var options = s_options with
        {
            CancellationToken = source.Token,
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = s_options.Training with { Epochs = 50 },
        };
        using var result = new Run(options, happened => { if (happened is EpochEnded { Epoch: 2 }) source.Cancel(); });
        Assert.That(result.Report.Stopped, Is.True);
        Assert.That(result.Report.Epochs, Has.Count.EqualTo(3));
        Assert.That(result.Report.Compact, Is.Not.Null);
    }

    [Test]
    public void A_loss_that_is_no_number_stops_the_run_and_says_where()
    {
        var options = s_options with
        {
            Training = s_options.Training with { LearningRate = 1e30 },
            Pruning = new() { Policy = PruningPolicy.Never },
        };
        Assert.That(
            () => new Run(options),
            Throws.TypeOf<TrainingDivergedException>()
                .With.Message.Contains("epoch 0")
                .And.Message.Contains("LearningRate"));
    }

    [Test]
    public void A_target_out_of_reach_is_refused_before_training_with_the_reachable_range()
    {
        var options = s_options with { Pruning = new() { Target = PruningTarget.Channels(0.95), RoundTo = 8 } };
        Assert.That(() => new Run(options), Throws.TypeOf<UnreachableTargetException>().With.Message.Contains("most"));
    }

    [Test]
    public void Every_image_is_trained_on_once_an_epoch()
    {
        // 70 images at 32 a batch: three batches of 23 or 24
        using var result = new Run(
            s_options with
            {
                Training = s_options.Training with { Epochs = 1 },
                Pruning = new() { Policy = PruningPolicy.Never },
            },
            count: 70);
        Assert.That(result.Report.Images.Training, Is.EqualTo(70));
        Assert.That(
            result.Report.Epochs[0].ImagesPerSecond * result.Report.Epochs[0].Seconds, Is.EqualTo(70).Within(1e-6));
    }

    [TestCase(71, 3, 69)]
    [TestCase(33, 2, 32)]
    [TestCase(5, 8, 5)]
    public void Threads_share_every_batch_evenly(int count, int threads, int trained)
    {
        // Narrow channels-last convolutions crash in oneDNN otherwise: this run has them after pruning.
        var options = s_options with
        {
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = s_options.Training with { Epochs = 3, BatchSize = 16 },
            Threads = threads,
        };
        using var result = new Run(options, count: count);
        Assert.That(
            result.Report.Epochs[2].ImagesPerSecond * result.Report.Epochs[2].Seconds,
            Is.EqualTo(trained).Within(1e-6));
    }

    [Test]
    public void Leaves_no_tensor_behind()
    {
        new Run(s_options).Dispose();
        // What earlier tests left must not be finalised between the two counts, and hide a leak of this run.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = LiveTensors.Before();
        new Run(s_options).Dispose();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(live));
    }

    /// <summary>A run on tiny images, and what it leaves.</summary>
    private sealed class Run : IDisposable
    {
        public Run(PruningAwareTrainingOptions options, Action<RunEvent>? observe = null, int count = 192)
        {
            using var training = TinyImages.Store(count, seed: 1);
            using var validation = TinyImages.Store(60, seed: 2);
            (Classifier, Report, Plan) = new PruningAwareRun(
                options, torch.CPU, IRunObserver.Of(observe ?? (_ => { }))).Execute(training, validation);
        }

        public ImageClassifier Classifier { get; }

        public RunReport Report { get; }

        public PruningPlan? Plan { get; }

        public void Dispose() => Classifier.Dispose();
    }
}
