using Microsoft.ML.PaT.Pruning.Scoring;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Criteria and policies as a user writes them.</summary>
public class OwnImportanceTests
{
    [Test]
    public void Own_gradient_criterion_scores_as_the_library_and_resumes()
    {
        var options = TinyRun.Options with
        {
            Pruning = new() { Criterion = new SquaredProducts(), Policy = PruningPolicy.AtEpoch(2), RoundTo = 1 },
        };
        using var folder = new TemporaryFolder();
        var checkpoints =
            new CheckpointOptions { Folder = folder.Name, Keep = 100, Interval = TimeSpan.FromMilliseconds(1) };
        using var whole = new TinyRun(options with { Checkpoints = checkpoints });
        using var library =
            new TinyRun(options with { Pruning = options.Pruning with { Criterion = Importance.TaylorWeights } });
        Assert.That(whole.Plan!.Kept, Is.EqualTo(library.Plan!.Kept));

        // Within the second epoch, when gradients of a part of it are gathered.
        using var rest =
            folder.With(folder.Checkpoints.TakeWhile(f => !f.Contains("epoch-0002", StringComparison.Ordinal)));
        var resumed = options with { Checkpoints = checkpoints with { Folder = rest.Name, Resume = true } };
        using var again = new TinyRun(resumed);
        Assert.That(again.Weights, Is.EqualTo(whole.Weights));
    }

    [Test]
    public void Property_of_an_own_criterion_is_part_of_the_identity_of_a_run()
    {
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with
        {
            Pruning = new() { Criterion = new SquaredProducts(), Policy = PruningPolicy.AtEpoch(2), RoundTo = 1 },
            Checkpoints = new() { Folder = folder.Name, Resume = true, Keep = 100 },
        };
        new TinyRun(options).Dispose();
        var other = options with { Pruning = options.Pruning with { Criterion = new SquaredProducts { Factor = 2 } } };
        Assert.That(
            () => new TinyRun(other),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("pruning.criterion was"));
    }

    [TestCase(0f)]
    [TestCase(float.NaN)]
    public void Groups_without_a_score_are_named(float score)
    {
        var options = TinyRun.Options with
        {
            Pruning = new()
            {
                Criterion = new Of(context => torch.full(context.Channels, score)),
                Policy = PruningPolicy.AtEpoch(1),
                RoundTo = 1,
            },
        };
        using var run = new TinyRun(options);
        Assert.That(run.Warnings, Has.Some.Contains("scores 0 by own").And.Contains("conv1"));
        using var scored = new TinyRun(options with { Pruning = options.Pruning with { Criterion = Importance.L1 } });
        Assert.That(scored.Warnings, Has.None.Contains("scores 0"));
    }

    [Test]
    public void Scores_of_the_wrong_shape_are_refused_with_the_right_one()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        Assert.That(
            () => ImportanceTests.Scores(network, new Of(context => torch.ones(3))),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'own'").And.Message.Contains("[3]"));
        Assert.That(
            () => ImportanceTests.Scores(network, new Of(context => context.FromFilters(w => context.Parameters[w]))),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'conv1.weight'"));
        Assert.That(
            () => ImportanceTests.Scores(network, new Of(context => context.Gradient("bn1.running_mean"))),
            Throws.ArgumentException);
        Assert.That(
            () => ImportanceTests.Scores(network, new Of(context => context.BatchMean)),
            Throws.InvalidOperationException);
    }

    [Test]
    public void A_criterion_or_a_policy_that_returns_null_is_named()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        Assert.That(
            () => ImportanceTests.Scores(network, new Of(_ => null!)),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'own' gave null; Score"));
        Assert.That(
            () => new TinyRun(TinyRun.Options with { Pruning = new() { Criterion = new NothingOfBatches() } }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'nothing' gave null for a batch"));
        Assert.That(
            () => new TinyRun(TinyRun.Options with { Pruning = new() { Policy = new Undecided() } }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("The policy 'undecided' decided null"));
    }

    [Test]
    public void Own_criterion_gets_as_many_images_at_once_as_training_has()
    {
        var sizes = new List<long>();
        var criterion = new Of(context =>
        {
            var calls = context.ForEachBatch((images, _) => sizes.Add(images.shape[0]));
            return torch.full(context.Channels, calls);
        });
        using var run = new TinyRun(
            TinyRun.Options with
            {
                Training = TinyRun.Options.Training with { Epochs = 1, BatchSize = 32, GradientAccumulationSteps = 4 },
                Pruning = new() { Criterion = criterion, Policy = PruningPolicy.AtInitialization, RoundTo = 1 },
            });
        Assert.That(sizes, Is.EqualTo(Enumerable.Repeat(8L, 12)), "96 images");
    }

    [Test]
    public void Own_criterion_may_change_its_probe_and_leaves_the_network_as_it_is()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var before = ImportanceTests.Values(network.Tensors["conv1.weight"]);
        var criterion = new Of(context =>
        {
            using var probe = context.Probe();
            using (torch.no_grad()) probe.Parameters["conv1.weight"].zero_();
            return context.FromOutputs(layer => torch.ones(context.Network.OutputShape(layer).Channels));
        });
        Assert.That(ImportanceTests.Scores(network, criterion), Is.All.EqualTo(1));
        Assert.That(ImportanceTests.Values(network.Tensors["conv1.weight"]), Is.EqualTo(before));
    }

    [Test]
    public void Own_criterion_is_written_into_a_recipe_and_not_read_from_it()
    {
        var recipe = new TrainingRecipe { Pruning = new() { Criterion = new SquaredProducts() } };
        Assert.That(recipe.ToJson(), Does.Contain("squared-products"));
        Assert.That(
            () => TrainingRecipe.FromJson(recipe.ToJson()),
            Throws.InstanceOf<PaTException>().With.Message.Contains("set Pruning.Criterion in code"));
        Assert.That(Importance.All.Select(c => Importance.ByName(c.Name)), Is.EqualTo(Importance.All));
        Assert.That(
            () => Importance.ByName("mine"), Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("synflow"));
    }

    [Test]
    public void Own_policy_sees_every_observation_and_decides()
    {
        var seen = new List<int>();
        using var result =
            new TinyRun(TinyRun.Options with { Pruning = new() { Policy = new ThirdObservation(seen), RoundTo = 1 } });
        Assert.That(seen, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(result.Report.PruneReason, Is.EqualTo("the third observation"));
        Assert.That(result.Report.Observations, Has.Count.EqualTo(3));
    }

    [Test]
    public void Own_policy_can_prune_at_initialization_by_gradients()
    {
        var options = TinyRun.Options with { Pruning = new() { Policy = new First(), RoundTo = 1 } };
        using var own = new TinyRun(options);
        using var library = new TinyRun(
            options with { Pruning = options.Pruning with { Policy = PruningPolicy.AtInitialization } });
        Assert.That(own.Report.PruneEpoch, Is.Zero);
        Assert.That(own.Weights, Is.EqualTo(library.Weights));
    }

    [Test]
    public void The_latest_pruning_of_an_own_policy_gives_the_expected_length_of_the_run()
    {
        var expected = new List<int>();
        var policy = new ThirdObservation([]);
        var options = TinyRun.Options with
        {
            Pruning = new() { Policy = policy, RoundTo = 1, Retraining = new() { Epochs = 1 } },
        };
        using var run = new TinyRun(options, happened =>
        {
            if (happened is EpochEnded ended) expected.Add(ended.Epochs);
        });
        Assert.That(policy.LatestPruning(options.Training), Is.EqualTo(1.5));
        // At most two dense epochs are expected, and one of retraining; the run prunes within the second.
        Assert.That(expected, Is.EqualTo(new[] { 3, 3, 3 }));
    }

    [Test]
    public void Own_policy_cannot_start_from_the_dense_epochs_of_another_run()
    {
        using var folder = new TemporaryFolder();
        var dense = TinyRun.Options with { Pruning = new() { Policy = PruningPolicy.Never } };
        new TinyRun(dense with { Checkpoints = new() { Folder = folder.Name, Keep = 100 } }).Dispose();
        var options = dense with
        {
            Pruning = new() { Policy = new ThirdObservation([]) },
            Checkpoints = new() { StartFrom = CheckpointOptions.PathAfter(folder.Name, 1) },
        };
        Assert.That(
            () => new TinyRun(options),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("third cannot start after epoch 1"));
    }

    private sealed record Of(Func<ImportanceContext, torch.Tensor> Give) : Importance
    {
        public override string Name => "own";

        public override torch.Tensor Score(ImportanceContext context) => Give(context);
    }

    /// <summary>The weight form of the Taylor estimate, from the public parts alone.</summary>
    private sealed record SquaredProducts : Importance
    {
        public double Factor { get; init; } = 1;

        public override string Name => "squared-products";

        public override bool UsesGradients => true;

        public override torch.Tensor OfBatch(ImportanceContext context) => torch.cat([.. Weights(context).Select(w =>
            (context.Parameters[w].detach() * context.Gradient(w)).pow(2).flatten(1).sum(1))]);

        public override torch.Tensor Score(ImportanceContext context)
        {
            var (rows, first) = (new Dictionary<string, torch.Tensor>(), 0L);
            foreach (var weight in Weights(context))
            {
                var count = context.Parameters[weight].shape[0];
                rows[weight] = context.BatchMean.narrow(0, first, count);
                first += count;
            }
            return context.FromFilters(weight => rows[weight]);
        }

        private static IEnumerable<string> Weights(ImportanceContext context) =>
            context.Parameters.Keys.Where(name =>
                name.EndsWith(".weight", StringComparison.Ordinal) && context.Parameters[name].dim() > 1);
    }

    private sealed record NothingOfBatches : Importance
    {
        public override string Name => "nothing";

        public override bool UsesGradients => true;

        public override torch.Tensor OfBatch(ImportanceContext context) => null!;

        public override torch.Tensor Score(ImportanceContext context) => context.BatchMean;
    }

    private sealed record Undecided : PruningPolicy
    {
        public override string Name => "undecided";

        public override Pruning.PolicyDecision Decide(IReadOnlyList<Pruning.PolicyObservation> observations) => null!;
    }

    private sealed record First : PruningPolicy
    {
        public override string Name => "first";

        public override bool PrunesAtInitialization => true;

        public override double LatestPruning(TrainingOptions training) => 0;

        public override Pruning.PolicyDecision Decide(IReadOnlyList<Pruning.PolicyObservation> observations) =>
            new(true, "the first observation");
    }

    private sealed record ThirdObservation(List<int> Seen) : PruningPolicy
    {
        public override string Name => "third";

        public override int ObservationRate(int epochs) => 2;

        public override double LatestPruning(TrainingOptions training) => 3.0 / ObservationRate(training.Epochs);

        public override Pruning.PolicyDecision Decide(IReadOnlyList<Pruning.PolicyObservation> observations)
        {
            Seen.Add(observations.Count);
            return new(observations.Count == 3, observations.Count == 3 ? "the third observation" : "too early");
        }
    }
}
