namespace Microsoft.ML.PaT.Experiments.Tests;

public class ExperimentValidatorTests
{
    private static readonly PruningExperimentSettings s_valid = new()
    {
        Options = new() { Network = Networks.ResNet20, Training = new() { Epochs = 9 } },
        Space = new()
        {
            Ratio = SearchAxis.Between(0.2, 0.6),
            LearningRate = SearchAxis.LogBetween(0.05, 0.5),
            Policy = SearchAxis.Of(PruningPolicy.EarlyPruningIndicator(), PruningPolicy.Never),
        },
    };

    private static IEnumerable<TestCaseData> Valid()
    {
        yield return new TestCaseData(s_valid).SetArgDisplayNames("one set");
        yield return new TestCaseData(
            s_valid with
            {
                Folds = 5,
                Halving = new() { FirstEpochs = 8, Factor = 10 },
                TimeBudget = TimeSpan.FromHours(1),
                Folder = "runs",
                Strategy = SearchStrategy.Bayesian(1),
            }
        ).SetArgDisplayNames("everything");
        yield return new TestCaseData(s_valid with { Strategy = SearchStrategy.Grid }).SetArgDisplayNames("grid");
    }

    [TestCaseSource(nameof(Valid))]
    public void Valid_settings_are_accepted(PruningExperimentSettings settings) =>
        Assert.That(() => ExperimentValidator.Validate(settings, 10, hasValidation: false), Throws.Nothing);

    private static IEnumerable<TestCaseData> Invalid()
    {
        var data = new MLContext().Data.LoadFromEnumerable(new[] { new LabeledRow { Label = "a" } });
        yield return Case(
            "Options.ValidationSet is set",
            s_valid with { Options = s_valid.Options with { ValidationSet = data } });
        yield return Case("Space is empty", s_valid with { Space = new() });
        yield return Case(
            "Space.Ratio goes from 0.6 to 0.2",
            s_valid with { Space = new() { Ratio = SearchAxis.Between(0.6, 0.2) } });
        yield return Case(
            "Space.Criterion has a value twice",
            s_valid with { Space = new() { Criterion = SearchAxis.Of(Importance.L1, Importance.L1) } });
        yield return Case(
            "Pruning.Target is 1.2",
            s_valid with { Space = new() { Ratio = SearchAxis.Between(0.2, 1.2) } });
        yield return Case(
            "Training.LearningRate is -1",
            s_valid with { Space = new() { LearningRate = SearchAxis.Of(-1, 0.1) } });
        yield return Case(
            "Pruning.Policy",
            s_valid with { Space = new() { Policy = SearchAxis.Of(PruningPolicy.AtEpoch(9), PruningPolicy.Never) } });
        yield return Case(
            "Pruning.Policy prunes after training",
            s_valid with { Space = new() { Policy = SearchAxis.Of(PruningPolicy.AfterTraining) } });
        yield return Case(
            "3x32x32 and 3x224x224",
            s_valid with
            {
                Space = new() { Network = SearchAxis.Of(Networks.ResNet20, Networks.ByName("mobilenet_v2")) },
            });
        yield return Case(
            "resnet20-cifar",
            s_valid with
            {
                Options = s_valid.Options with { Pruning = new() { RoundTo = 16 } },
                Space = new() { Ratio = SearchAxis.Between(0.2, 0.99) },
            });
        yield return Case("Strategy has 0 trials", s_valid with { Strategy = SearchStrategy.Random(0) });
        yield return Case("Strategy has 10001 trials", s_valid with { Strategy = SearchStrategy.Bayesian(10_001) });
        yield return Case(
            "Strategy is a grid of 1,000,000 points",
            s_valid with
            {
                Strategy = SearchStrategy.Grid,
                Space = new()
                {
                    Ratio = SearchAxis.Between(0.2, 0.6, 1000),
                    LearningRate = SearchAxis.Between(0.2, 0.6, 1000),
                },
            });
        yield return Case("Halving.FirstEpochs is 0", s_valid with { Halving = new() { FirstEpochs = 0 } });
        yield return Case("Halving.FirstEpochs is 9", s_valid with { Halving = new() { FirstEpochs = 9 } });
        yield return Case("Halving.Factor is 1", s_valid with { Halving = new() { Factor = 1 } });
        yield return Case("Folds is 1", s_valid with { Folds = 1 });
        yield return Case(
            "Training.ValidationFraction is 0",
            s_valid with { Options = new() { Training = new() { ValidationFraction = 0 } } });
        yield return Case("TimeBudget is 00:00:00", s_valid with { TimeBudget = TimeSpan.Zero });
        yield return Case("at most 49 days", s_valid with { TimeBudget = TimeSpan.FromDays(49.1) });
        yield return Case("Folder is empty", s_valid with { Folder = " " });
        yield return Case(
            "Options.Checkpoints",
            s_valid with { Options = new() { Checkpoints = new() { Folder = "runs" } } });
        yield return Case(
            "Space.Ratio has no effect",
            s_valid with
            {
                Options = s_valid.Options with { Pruning = new() { Widths = new Dictionary<string, int>() } },
            });
        yield return Case(
            "Space.Criterion has no effect with Options.Pruning.Plan",
            s_valid with
            {
                Options = s_valid.Options with { Pruning = new() { Plan = new(new Dictionary<string, int[]>()) } },
                Space = new() { Criterion = SearchAxis.Of(Importance.L1, Importance.L2) },
            });
        var never = s_valid.Options with { Pruning = new() { Policy = PruningPolicy.Never } };
        yield return Case(
            "Space.Ratio has no effect, because Options.Pruning.Policy never prunes",
            s_valid with { Options = never, Space = new() { Ratio = SearchAxis.Of(0.3, 0.5) } });
        yield return Case(
            "Space.Criterion has no effect, because Options.Pruning.Policy never prunes",
            s_valid with
            {
                Space = new()
                {
                    Criterion = SearchAxis.Of(Importance.L1, Importance.L2),
                    Policy = SearchAxis.Of(PruningPolicy.Never),
                },
            });
        yield return Case(
            "Options.CancellationToken",
            s_valid with { Options = new() { CancellationToken = new CancellationTokenSource().Token } });

        static TestCaseData Case(string message, PruningExperimentSettings settings) =>
            new TestCaseData(message, settings).SetArgDisplayNames(message);
    }

    [TestCaseSource(nameof(Invalid))]
    public void Invalid_settings_are_named(string message, PruningExperimentSettings settings) =>
        Assert.That(
            () => ExperimentValidator.Validate(settings, 10, hasValidation: false),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(message));

    [Test]
    public void Folds_and_validation_data_exclude_each_other() =>
        Assert.That(
            () => ExperimentValidator.Validate(s_valid with { Folds = 3 }, 10, hasValidation: true),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("Folds are given together"));

    [Test]
    public void All_errors_come_in_one_message()
    {
        var settings = s_valid with
        {
            Folds = 1,
            Halving = new() { Factor = 0 },
            Space = new() { Ratio = SearchAxis.Of<double>(), LearningRate = SearchAxis.LogBetween(0, 1) },
        };
        var message = Assert
            .Throws<InvalidOptionsException>(() => ExperimentValidator.Validate(settings, 10, hasValidation: false))!
            .Message;
        Assert.That(message.Split(Environment.NewLine), Has.Length.EqualTo(4), message);
        var corners =
            s_valid with { Space = new() { Ratio = SearchAxis.Of(0, 0.5, 1), LearningRate = SearchAxis.Of(-1, 0.1) } };
        Assert.That(
            Assert
                .Throws<InvalidOptionsException>(() => ExperimentValidator.Validate(corners, 10, hasValidation: false))!
                .Message.Split(Environment.NewLine),
            Has.Length.EqualTo(3));
    }

    private sealed class LabeledRow
    {
        public string Label { get; init; } = "";
    }
}
