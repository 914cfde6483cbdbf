using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Recipe;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class OptionsValidatorTests
{
    [Test]
    public void The_defaults_are_valid() => Assert.That(() => OptionsValidator.Validate(new()), Throws.Nothing);

    [Test]
    public void Every_way_to_keep_and_vary_images_is_valid() =>
        Assert.That(
            () =>
                OptionsValidator.Validate(
                    new()
                    {
                        Images = new()
                        {
                            Resizing = ImageResizing.IsoPad,
                            RandomResizedCropMinScale = 0.08,
                            ColorJitter = new() { Brightness = 0.4, Contrast = 0.4, Saturation = 1 },
                            Cutout = 16,
                        },
                        MemoryBudget = 0,
                        CacheFolder = "images",
                        Training = new() { Mixup = 0.2, CutMix = 1 },
                    }),
            Throws.Nothing);

    [Test]
    public void Checkpoints_to_resume_or_roll_back_to_are_valid() => Assert.That(
        () => OptionsValidator.Validate(new()
        {
            Training = new() { Patience = 1, OnDivergence = DivergenceAction.RollBack },
            Checkpoints = new() { Folder = "runs", Interval = TimeSpan.FromSeconds(1), Keep = 1, Resume = true },
        }),
        Throws.Nothing);

    [Test]
    public void Retraining_after_training_is_valid_with_every_schedule([Values] RetrainingSchedule schedule) =>
        Assert.That(
            () =>
                OptionsValidator.Validate(
                    new()
                    {
                        Pruning = new()
                        {
                            Policy = PruningPolicy.AfterTraining,
                            Retraining = new() { Epochs = 10, Schedule = schedule },
                        },
                    }),
            Throws.Nothing);

    [Test]
    public void Drops_are_valid_with_steps() =>
        Assert.That(
            () =>
                OptionsValidator.Validate(
                    new()
                    {
                        Training = new()
                        {
                            Epochs = 160,
                            Decay = LearningRateDecay.Steps,
                            Milestones = [80, 120],
                            Schedule = RetrainingSchedule.ScaledRestarting,
                        },
                    }),
            Throws.Nothing);

    [TestCase(Optimizer.AdamW)]
    [TestCase(Optimizer.Lars)]
    public void Other_optimizers_with_clipping_and_parts_are_valid(Optimizer which) =>
        Assert.That(
            () =>
                OptionsValidator.Validate(
                    new()
                    {
                        Training = new()
                        {
                            Optimizer = which,
                            Beta2 = 0.95,
                            TrustCoefficient = 0.01,
                            MaxGradientNorm = 1,
                            BatchSize = 8,
                            GradientAccumulationSteps = 8,
                        },
                    }),
            Throws.Nothing);

    [Test]
    public void Averaged_weights_a_teacher_and_growing_batches_are_valid() =>
        Assert.That(
            () =>
                OptionsValidator.Validate(
                    new()
                    {
                        Training = new()
                        {
                            EmaDecay = 0.999,
                            MemoryFormat = MemoryFormat.ChannelsFirst,
                            Precision = Precision.Bfloat16,
                        },
                        Pruning = new() { BatchGrowth = 2, Distillation = new() { Temperature = 1, Weight = 1 } },
                    }),
            Throws.Nothing);

    [Test]
    public void Weights_of_classes_and_a_folder_for_TensorBoard_are_valid() =>
        Assert.That(
            () =>
                OptionsValidator.Validate(
                    new() { Training = new() { ClassWeights = ClassWeights.Balanced }, TensorBoardFolder = "logs" }),
            Throws.Nothing);

    [Test]
    public void A_network_with_given_weights_may_teach_from_the_first_step()
    {
        using var folder = new TemporaryFolder();
        var weights = Path.Combine(folder.Name, "weights.safetensors");
        File.WriteAllBytes(weights, []);
        var pruning = new PruningOptions { Policy = PruningPolicy.AtInitialization, Distillation = new() };
        Assert.That(
            () => OptionsValidator.Validate(new() { Weights = new(weights), Pruning = pruning }), Throws.Nothing);
    }

    private static IEnumerable<TestCaseData> Invalid()
    {
        foreach (var policy in new[] { PruningPolicy.AtInitialization, PruningPolicy.AtEpoch(0) })
        {
            yield return Case(
                "Pruning.Distillation is given", new() { Pruning = new() { Policy = policy, Distillation = new() } });
        }
        yield return Case(
            "Pruning.Criterion 'rounds' has 0 Rounds", new() { Pruning = new() { Criterion = new OfRounds(0) } });
        yield return Case(
            "Pruning.Policy 'rate' has an ObservationRate of 0",
            new() { Pruning = new() { Policy = new OfRate(0) } });
        yield return Case(
            "Pruning.Policy 'rate' has an ObservationRate of -1",
            new() { Pruning = new() { Policy = new OfRate(-1) } });
        yield return Case("Training.Epochs", new() { Training = new() { Epochs = 0 } });
        yield return Case("Training.BatchSize", new() { Training = new() { BatchSize = 1 } });
        yield return Case("Training.LearningRate", new() { Training = new() { LearningRate = double.NaN } });
        yield return Case("Training.WarmupFraction", new() { Training = new() { WarmupFraction = 1 } });
        yield return Case("Training.Momentum", new() { Training = new() { Momentum = 1 } });
        yield return Case("Training.WeightDecay", new() { Training = new() { WeightDecay = -1 } });
        yield return Case("Training.Optimizer", new() { Training = new() { Optimizer = (Optimizer)9 } });
        yield return Case("Training.Beta2", new() { Training = new() { Beta2 = 1 } });
        yield return Case("Training.TrustCoefficient", new() { Training = new() { TrustCoefficient = 0 } });
        yield return Case("Training.MaxGradientNorm", new() { Training = new() { MaxGradientNorm = 0 } });
        yield return Case(
            "Training.MaxGradientNorm",
            new() { Training = new() { MaxGradientNorm = double.PositiveInfinity } });
        yield return Case(
            "Training.GradientAccumulationSteps",
            new() { Training = new() { GradientAccumulationSteps = 0 } });
        yield return Case(
            "Training.GradientAccumulationSteps",
            new() { Training = new() { BatchSize = 8, GradientAccumulationSteps = 9 } });
        yield return Case("Training.Precision", new() { Training = new() { Precision = (Precision)3 } });
        yield return Case("Training.MemoryFormat", new() { Training = new() { MemoryFormat = (MemoryFormat)4 } });
        yield return Case("Pruning.BatchGrowth", new() { Pruning = new() { BatchGrowth = 0.5 } });
        yield return Case("Training.EmaDecay", new() { Training = new() { EmaDecay = 0 } });
        yield return Case("Training.EmaDecay", new() { Training = new() { EmaDecay = 1 } });
        yield return Case(
            "Pruning.Distillation.Temperature",
            new() { Pruning = new() { Distillation = new() { Temperature = 0 } } });
        yield return Case(
            "Pruning.Distillation.Weight",
            new() { Pruning = new() { Distillation = new() { Weight = 1.1 } } });
        yield return Case("Training.LabelSmoothing", new() { Training = new() { LabelSmoothing = 1 } });
        yield return Case("Training.ValidationFraction", new() { Training = new() { ValidationFraction = 0.6 } });
        yield return Case("Threads", new() { Threads = 0 });
        yield return Case("Training.Milestones", new() { Training = new() { Milestones = [10] } });
        yield return Case(
            "Training.Milestones",
            new() { Training = new() { Decay = LearningRateDecay.Steps, Milestones = [20, 10] } });
        yield return Case(
            "Training.Milestones",
            new() { Training = new() { Decay = LearningRateDecay.Steps, Milestones = [30] } });
        yield return Case("Training.Gamma", new() { Training = new() { Gamma = 1 } });
        yield return Case("Training.Schedule", new() { Training = new() { Schedule = (RetrainingSchedule)9 } });
        yield return Case("Training.ClassWeights", new() { Training = new() { ClassWeights = (ClassWeights)9 } });
        yield return Case("TensorBoardFolder", new() { TensorBoardFolder = " " });
        yield return Case("Images.Height", new() { Images = new() { Height = 0 } });
        yield return Case("Images.RandomCropPadding", new() { Images = new() { RandomCropPadding = -1 } });
        yield return Case("MaxUnreadableFraction", new() { MaxUnreadableFraction = 1.5 });
        yield return Case(
            "Images.RandomResizedCropMinScale",
            new() { Images = new() { RandomResizedCropMinScale = 0 } });
        yield return Case(
            "Images.ColorJitter.Brightness",
            new() { Images = new() { ColorJitter = new() { Brightness = 1.1 } } });
        yield return Case(
            "Images.ColorJitter.Contrast",
            new() { Images = new() { ColorJitter = new() { Contrast = -0.1 } } });
        yield return Case(
            "Images.ColorJitter.Saturation",
            new() { Images = new() { ColorJitter = new() { Saturation = double.NaN } } });
        yield return Case("Images.Cutout", new() { Images = new() { Cutout = -1 } });
        yield return Case("Images.Resizing", new() { Images = new() { Resizing = (ImageResizing)3 } });
        yield return Case("MemoryBudget", new() { MemoryBudget = -1 });
        yield return Case("CacheFolder", new() { CacheFolder = " " });
        yield return Case("Training.Mixup", new() { Training = new() { Mixup = -0.1 } });
        yield return Case("Training.CutMix", new() { Training = new() { CutMix = 11 } });
        yield return Case("Pruning.Target", new() { Pruning = new() { Target = PruningTarget.Channels(0) } });
        yield return Case("Pruning.Target", new() { Pruning = new() { Target = PruningTarget.Channels(1) } });
        yield return Case("Pruning.Target", new() { Pruning = new() { Target = PruningTarget.Channels(double.NaN) } });
        yield return Case("Pruning.IterativeSteps", new() { Pruning = new() { IterativeSteps = 0 } });
        yield return Case("Pruning.Target", new() { Pruning = new() { Target = PruningTarget.Macs(1) } });
        yield return Case("Pruning.Target", new() { Pruning = new() { Target = PruningTarget.Parameters(-0.1) } });
        yield return Case(
            "Pruning.IterativeSteps",
            new() { Pruning = new() { IterativeSteps = 2, Plan = new(new Dictionary<string, int[]>()) } });
        yield return Case(
            "Pruning.IterativeSteps",
            new() { Pruning = new() { IterativeSteps = 2, Widths = new Dictionary<string, int>() } });
        yield return Case(
            "Pruning.Widths",
            new()
            {
                Pruning = new() { Plan = new(new Dictionary<string, int[]>()), Widths = new Dictionary<string, int>() },
            });
        yield return Case("Pruning.RecalibrateBatchNorm", new() { Pruning = new() { RecalibrateBatchNorm = -1 } });
        yield return Case("Pruning.LatencyBatch", new() { Pruning = new() { LatencyBatch = 0 } });
        yield return Case("Pruning.Target", new() { Pruning = new() { Target = PruningTarget.Latency(1) } });
        yield return Case("Pruning.IterativeEpochs", new() { Pruning = new() { IterativeEpochs = 0 } });
        yield return Case("Pruning.Schedule", new() { Pruning = new() { Schedule = (PruningSchedule)9 } });
        yield return Case(
            "Pruning.Limits.MinChannels",
            new() { Pruning = new() { Limits = new() { MinChannels = 0 } } });
        yield return Case("Pruning.Limits.MaxRatio", new() { Pruning = new() { Limits = new() { MaxRatio = 0 } } });
        yield return Case(
            "Pruning.Limits.Exclude",
            new() { Pruning = new() { Limits = new() { Exclude = ["conv1", " "] } } });
        yield return Case("Pruning.RoundTo", new() { Pruning = new() { RoundTo = 0 } });
        yield return Case("Pruning.MeasureRoundTo", new() { Pruning = new() { RoundTo = 8, MeasureRoundTo = true } });
        yield return Case("Pruning.Reduction", new() { Pruning = new() { Reduction = (GroupReduction)9 } });
        yield return Case("Pruning.Normalization", new() { Pruning = new() { Normalization = (ScoreNormalization)9 } });
        // The default policy, the indicator, needs a global ranking.
        yield return Case("Pruning.Ranking", new() { Pruning = new() { Ranking = RankingScope.PerLayer } });
        yield return Case(
            "Pruning.Policy.Tau",
            new() { Pruning = new() { Policy = PruningPolicy.EarlyPruningIndicator(2) } });
        yield return Case("Pruning.Policy", new() { Pruning = new() { Policy = PruningPolicy.AtEpoch(30) } });
        yield return Case("Training.Patience", new() { Training = new() { Patience = 0 } });
        yield return Case("Training.OnDivergence", new() { Training = new() { OnDivergence = (DivergenceAction)7 } });
        yield return Case(
            "Training.OnDivergence",
            new() { Training = new() { OnDivergence = DivergenceAction.RollBack } });
        yield return Case("Checkpoints.Folder", new() { Checkpoints = new() { Folder = " " } });
        yield return Case("Checkpoints.Interval", new() { Checkpoints = new() { Interval = TimeSpan.Zero } });
        yield return Case("Checkpoints.Keep", new() { Checkpoints = new() { Keep = 0 } });
        yield return Case("Checkpoints.Resume", new() { Checkpoints = new() { Resume = true } });
        yield return Case("Checkpoints.StartFrom", new() { Checkpoints = new() { StartFrom = "nowhere.checkpoint" } });
        yield return Case(
            "Pruning.Policy.Distance",
            new() { Pruning = new() { Policy = new EarlyBirdPolicy { Distance = 1.5 } } });
        yield return Case(
            "Pruning.Policy.Masks",
            new() { Pruning = new() { Policy = new EarlyBirdPolicy { Masks = 1 } } });
        yield return Case(
            "Pruning.Policy.Deadline",
            new() { Pruning = new() { Policy = new EarlyBirdPolicy { Deadline = 1 } } });
        yield return Case(
            "Pruning.Policy.ObservationsPerEpoch",
            new() { Pruning = new() { Policy = new EarlyBirdPolicy { ObservationsPerEpoch = 0 } } });
        yield return Case(
            "no epochs to retrain are given",
            new() { Pruning = new() { Policy = PruningPolicy.AfterTraining } });
        yield return Case(
            "no epochs to retrain are given",
            new() { Pruning = new() { Policy = PruningPolicy.AfterTraining, Retraining = new() } });
        yield return Case(
            "Pruning.Retraining.Epochs is 0",
            new() { Pruning = new() { Retraining = new() { Epochs = 0 } } });
        yield return Case(
            "Pruning.Retraining.Epochs is 31",
            new()
            {
                Pruning = new()
                {
                    Retraining = new() { Epochs = 31, Schedule = RetrainingSchedule.LearningRateRewinding },
                },
            });
        yield return Case(
            "Pruning.IterativeSteps is 2",
            new()
            {
                Pruning = new()
                {
                    IterativeSteps = 2,
                    Retraining = new() { Schedule = RetrainingSchedule.AdaptiveLinear },
                },
            });
        yield return Case("LabelColumnName", new() { LabelColumnName = "" });
        yield return Case("ExampleWeightColumnName is empty", new() { ExampleWeightColumnName = " " });
        yield return Case(
            "LabelColumnName and ExampleWeightColumnName are both",
            new() { ExampleWeightColumnName = "Label" });
        yield return Case("ScoreColumnName", new() { ScoreColumnName = "PredictedLabel" });

        static TestCaseData Case(string name, PruningAwareTrainingOptions options) => new(name, options);
    }

    [TestCaseSource(nameof(Invalid))]
    public void Value_out_of_range_is_named(string name, PruningAwareTrainingOptions options) =>
        Assert.That(
            () => OptionsValidator.Validate(options),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(name));

    [Test]
    public void All_errors_come_in_one_message() =>
        Assert.That(
            () =>
                OptionsValidator.Validate(
                    new() { Training = new() { Epochs = 0, BatchSize = 0 }, Pruning = new() { RoundTo = -1 } }),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains("Training.Epochs")
                .And.Message.Contains("Training.BatchSize")
                .And.Message.Contains("Pruning.RoundTo"));

    private sealed record OfRounds(int Number) : Importance
    {
        public override string Name => "rounds";

        public override int Rounds => Number;

        public override torch.Tensor Score(ImportanceContext context) => torch.ones(context.Channels);
    }

    private sealed record OfRate(int Rate) : PruningPolicy
    {
        public override string Name => "rate";

        public override int ObservationRate(int epochs) => Rate;

        public override Pruning.PolicyDecision Decide(IReadOnlyList<Pruning.PolicyObservation> observations) =>
            new(false, "never");
    }
}
