using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A run comes out the same however many ranks share it.</summary>
public class SharedTrainingTests
{
    /// <summary>Without kinks: where a value lies within rounding of one, as happens in a ReLU network every few hundred steps, its gradient is another, and runs part.</summary>
    private static readonly PruningAwareTrainingOptions s_options = TinyRun.Options with
    {
        Network = NetworkArchitecture.Of(Smooth(dropout: 0)),
        Training = new() { Epochs = 9, BatchSize = 16, LearningRate = 0.05, Threads = 1 },
    };

    [SetUp]
    public void Available() => NativeSupport.Require();

    [TestCase(2)]
    [TestCase(4)]
    public void Weights_after_54_steps_are_those_of_one_process(int size)
    {
        var options = s_options with { Pruning = new() { Policy = new NeverPolicy() } };
        var alone = RankThreads.Train(1, options)[0];
        var ranks = RankThreads.Train(size, options);
        Assert.That(ranks.Select(r => r.Hash).Distinct().Count(), Is.EqualTo(1), "all ranks have the same bits");
        Assert.That(ranks[0].DistanceTo(alone), Is.LessThan(1e-5));
        Assert.That(ranks[0].Report.Epochs.Select(e => e.Accuracy), Is.EqualTo(alone.Report.Epochs.Select(e => e.Accuracy)));
        Assert.That(ranks[0].Events, Has.Some.Contains($"{size} ranks on 1 machine share each batch of 16 pictures"));
    }

    [Test]
    public void With_mixing_dropout_and_every_variation_too()
    {
        var options = s_options with
        {
            Network = NetworkArchitecture.Of(Smooth(dropout: 0.2)),
            Images = new() { CropPadding = 2, Cutout = 3, ColorJitter = new() { Brightness = 0.2, Contrast = 0.2, Saturation = 0.2 } },
            Pruning = new() { Policy = new NeverPolicy() },
            Training = s_options.Training with { Epochs = 3, Mixup = 0.5, Cutmix = 1, LabelSmoothing = 0.1, ClassWeights = ClassWeights.Balanced },
        };
        // 97 pictures: batches of 16 and 13 or so, which two ranks cannot halve.
        var alone = RankThreads.Train(1, options, pictures: 97)[0];
        Assert.That(RankThreads.Train(3, options, pictures: 97)[0].DistanceTo(alone), Is.LessThan(1e-5));
    }

    [Test]
    public void In_parts_of_batches_too()
    {
        // Without batch-norms: their statistics are those of a part, and the parts of ranks are others than those of one process.
        var options = s_options with
        {
            Network = NetworkArchitecture.Of(Smooth(dropout: 0, norms: false)),
            Pruning = new() { Policy = new NeverPolicy() },
            Training = s_options.Training with { Epochs = 3 },
        };
        var whole = RankThreads.Train(1, options)[0];
        var parts = RankThreads.Train(2, options with { Training = options.Training with { Accumulation = 2 } });
        Assert.That(parts[0].Hash, Is.EqualTo(parts[1].Hash));
        Assert.That(parts[0].DistanceTo(whole), Is.LessThan(1e-5));
    }

    private static NetworkDefinition Smooth(double dropout, bool norms = true)
    {
        var builder = new NetworkBuilder("smooth", new(3, 8, 8));
        var x = Block("1", NetworkDefinition.InputName, 8, stride: 1);
        if (dropout > 0) x = builder.Dropout("dropout", x, dropout);
        x = builder.Residual("add", x, y => dropout > 0 ? builder.StochasticDepth("depth", Block("2", y, 8, stride: 1), dropout) : Block("2", y, 8, stride: 1));
        builder.Linear("fc", builder.GlobalAveragePool("pool", Block("3", x, 16, stride: 2)), 3);
        return builder.Build();

        string Block(string name, string input, int channels, int stride)
        {
            var x = builder.Convolution($"conv{name}", input, channels, kernel: 3, stride: stride);
            return builder.Activation($"silu{name}", norms ? builder.BatchNorm($"bn{name}", x) : x, ActivationFunction.Silu);
        }
    }

    [Test]
    public void Epoch_and_plan_of_the_cut_are_those_of_one_process()
    {
        var alone = RankThreads.Train(1, s_options)[0];
        Assert.That(alone.Report.PruneEpoch, Is.Not.Null);
        foreach (var size in new[] { 2, 4 })
        {
            foreach (var rank in RankThreads.Train(size, s_options))
            {
                Assert.That(rank.Report.PruneEpoch, Is.EqualTo(alone.Report.PruneEpoch));
                Assert.That(rank.Plan!.Kept, Is.EqualTo(alone.Plan!.Kept));
                Assert.That(rank.DistanceTo(alone), Is.LessThan(1e-5));
            }
        }
    }

    [Test]
    public void Without_synchronised_norms_ranks_still_end_with_the_same_bits()
    {
        var outcomes = RankThreads.Try(2, options =>
        {
            using var group = ProcessGroup.Join(options with { SynchronizeBatchNorm = false }, torch.CPU)!;
            return new RankRun(s_options, group, 96, 31);
        });
        Assert.That(outcomes.Select(o => o.Error), Is.All.Null);
        Assert.That(outcomes[0].Result!.Hash, Is.EqualTo(outcomes[1].Result!.Hash));
    }

    [Test]
    public void A_batch_for_each_rank_grows_the_step_and_scales_the_rate_aloud()
    {
        var outcomes = RankThreads.Try(2, options =>
        {
            using var group = ProcessGroup.Join(options with { BatchPerRank = true, LearningRateScaling = LearningRateScaling.Linear }, torch.CPU)!;
            return new RankRun(s_options with { Training = s_options.Training with { Epochs = 1, BatchSize = 8 }, Pruning = new() { Policy = new NeverPolicy() } }, group, 96, 30);
        });
        var alone = RankThreads.Train(1, s_options with { Training = s_options.Training with { Epochs = 1, LearningRate = 0.1 }, Pruning = new() { Policy = new NeverPolicy() } })[0];
        Assert.That(outcomes[0].Error, Is.Null);
        Assert.That(outcomes[0].Result!.DistanceTo(alone), Is.LessThan(1e-5));
        Assert.That(outcomes[0].Result!.Events, Has.Some.Contains("0.1: 0.05 scaled by the number of ranks"));
    }

    [TestCase("options")]
    [TestCase("data")]
    public void Ranks_with_other_options_or_data_are_refused_on_every_rank(string what)
    {
        var outcomes = RankThreads.Try(2, options =>
        {
            using var group = ProcessGroup.Join(options, torch.CPU)!;
            var own = what == "options" && group.Rank == 1 ? s_options with { Training = s_options.Training with { WeightDecay = 1e-3 } } : s_options;
            return new RankRun(own, group, what == "data" && group.Rank == 1 ? 95 : 96, 30);
        });
        Assert.That(outcomes.Select(o => o.Error), Is.All.TypeOf<RanksException>().With.Message.Contains(what == "data" ? "Training pictures" : "Training.WeightDecay"));
    }

    [Test]
    public void A_batch_too_small_to_be_shared_is_refused()
    {
        var outcomes = RankThreads.Try(3, options =>
        {
            using var group = ProcessGroup.Join(options, torch.CPU)!;
            return new RankRun(s_options with { Training = s_options.Training with { BatchSize = 2 } }, group, 96, 30);
        });
        Assert.That(outcomes.Select(o => o.Error), Is.All.TypeOf<InvalidOptionsException>().With.Message.Contains("cannot be shared among 3 ranks"));
    }

    [Test]
    public void Cancelled_on_one_rank_all_stop_after_the_same_step()
    {
        using var cancellation = new CancellationTokenSource();
        var outcomes = RankThreads.Try(2, options =>
        {
            using var group = ProcessGroup.Join(options, torch.CPU)!;
            var own = group.Rank == 1 ? s_options with { CancellationToken = cancellation.Token } : s_options;
            if (group.Rank == 1) cancellation.CancelAfter(300);
            return new RankRun(own with { Training = own.Training with { Epochs = 2000 } }, group, 96, 30);
        });
        Assert.That(outcomes.Select(o => o.Error), Is.All.Null);
        Assert.That(outcomes.Select(o => o.Result!.Report.Stopped), Is.All.True);
        Assert.That(outcomes[0].Result!.Hash, Is.EqualTo(outcomes[1].Result!.Hash));
    }

    [TestCase(2, 1)]
    [TestCase(1, 3)]
    public void A_run_goes_on_with_another_number_of_ranks(int before, int after)
    {
        using var folder = new TemporaryFolder();
        var options = s_options with { Checkpoints = new() { Folder = folder.Name, Keep = 100 } };
        var whole = RankThreads.Train(before, options)[0];
        foreach (var late in folder.Checkpoints[5..]) File.Delete(late);
        var resumed = RankThreads.Train(after, options with { Checkpoints = options.Checkpoints with { Resume = true } });
        Assert.That(resumed[0].Events, Has.Some.StartsWith("Going on at epoch"));
        Assert.That(resumed[0].DistanceTo(whole), Is.LessThan(1e-5));
    }
}
