using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

public class RecipeJsonTests
{
    /// <summary>A recipe in which no field that can be set has its default.</summary>
    private static readonly TrainingRecipe s_unusual = new()
    {
        Network = Networks.ByName("mobilenet_v2"),
        Weights = new("weights.safetensors") { ResetClassifier = true },
        Images = new()
        {
            Height = 96,
            Width = 64,
            Resizing = ImageResizing.IsoCrop,
            Normalization = new([0.4f, 0.5f, 0.6f], [0.1f, 0.2f, 0.3f]),
            RandomCropPadding = 0,
            HorizontalFlip = false,
            RandomResizedCropMinScale = 0.08,
            Cutout = 8, TrivialAugment = true,
            ColorJitter = new() { Brightness = 0.1, Contrast = 0.2, Saturation = 0.3 },
        },
        Training = new()
        {
            Epochs = 12,
            BatchSize = 64,
            LearningRate = 0.01,
            Optimizer = Optimizer.AdamW,
            Decay = LearningRateDecay.Steps,
            Milestones = [4, 8], Gamma = 0.2, Schedule = RetrainingSchedule.CyclicRestarting, WarmupFraction = 0,
            Momentum = 0.8, Nesterov = false, Beta2 = 0.99, TrustCoefficient = 0.002, WeightDecay = 1e-4,
            FitClassifierFirst = true, LayerRateDecay = 0.9, Freeze = ["conv1"], FreezeBatchNorm = true,
            MaxGradientNorm = 1.5, GradientAccumulationSteps = 2, EmaDecay = 0.99, LabelSmoothing = 0.1,
            ClassWeights = ClassWeights.Balanced, Mixup = 0.2, CutMix = 1, RestoreBatchNorms = true,
            ValidationFraction = 0.2,
            Precision = Precision.Bfloat16, MemoryFormat = MemoryFormat.ChannelsFirst, FusedNorms = false,
            Patience = 3, OnDivergence = DivergenceAction.RollBack,
        },
        Pruning = new()
        {
            Target = PruningTarget.Macs(0.6), Policy = new EarlyPruningIndicatorPolicy { Tau = 0.98, Window = 3 },
            Retraining = new()
            {
                Epochs = 5,
                Schedule = RetrainingSchedule.FineTuning,
                LowRate = 0.001,
                CycleMomentum = false,
            },
            Distillation = new() { Temperature = 2, Weight = 0.3 }, BatchGrowth = 2, Criterion = Importance.SynFlow,
            Reduction = GroupReduction.Max,
            Normalization = ScoreNormalization.GroupNorm,
            Ranking = RankingScope.PerLayer,
            Limits = new() { Exclude = ["conv1", "layer*.conv2"], MinChannels = 4, MaxRatio = 0.8 }, IterativeSteps = 3,
            Widths = new Dictionary<string, int> { ["conv1"] = 8 },
            Plan = new(new Dictionary<string, int[]> { ["g"] = [0, 2] }),
            Schedule = PruningSchedule.Linear, IterativeEpochs = 2, RecalibrateBatchNorm = 10, LatencyBatch = 8,
            RoundTo = 4, MeasureRoundTo = true,
        },
        Seed = 7,
    };

    private static IEnumerable<TrainingRecipe> Recipes() =>
        [
            new(),
            s_unusual,
            .. RecipePresets.Names.Select(RecipePresets.ByName),
            new()
            {
                Network = NetworkArchitecture.Of(Networks.ResNet20.Build(new(3, 16, 16), 3)),
                Weights = new("a.pat"),
            },
            .. new[]
            {
                PruningPolicy.EarlyBird(),
                PruningPolicy.AtInitialization,
                PruningPolicy.AtEpoch(4),
                PruningPolicy.AfterTraining,
                PruningPolicy.Never,
                new EarlyBirdPolicy { Masks = 3 },
            }.Select(policy => new TrainingRecipe { Pruning = new() { Policy = policy } }),
            .. new[] { PruningTarget.Channels(0.3), PruningTarget.Parameters(0.7), PruningTarget.Latency(0.25) }.Select(
                target => new TrainingRecipe { Pruning = new() { Target = target } }),
        ];

    [TestCaseSource(nameof(Recipes))]
    public void Json_gives_the_same_recipe_again(TrainingRecipe recipe)
    {
        var json = recipe.ToJson();
        var again = TrainingRecipe.FromJson(json);
        Assert.Multiple(() =>
        {
            Assert.That(again.ToJson(), Is.EqualTo(json));
            Assert.That(again.Hash, Is.EqualTo(recipe.Hash));
            Assert.That(
                (again.Pruning.Policy, again.Pruning.Target),
                Is.EqualTo((recipe.Pruning.Policy, recipe.Pruning.Target)));
        });
    }

    [Test]
    public void The_unusual_recipe_has_no_default()
    {
        var (usual, unusual) = (JsonNode.Parse(new TrainingRecipe().ToJson())!, JsonNode.Parse(s_unusual.ToJson())!);
        Assert.That(
            Leaves(usual, "").Where(leaf => leaf.Path != "schemaVersion").Intersect(Leaves(unusual, "")), Is.Empty);

        static IEnumerable<(string Path, string Json)> Leaves(JsonNode node, string path) => node is JsonObject fields
            ? fields.SelectMany(f => Leaves(f.Value!, $"{path}.{f.Key}".TrimStart('.')))
            : [(path, node.ToJsonString())];
    }

    [Test]
    public void Values_are_spelled_as_on_the_command_line()
    {
        var json = JsonNode.Parse(s_unusual.ToJson())!;
        Assert.Multiple(() =>
        {
            Assert.That((int)json["schemaVersion"]!, Is.EqualTo(1));
            Assert.That((string?)json["network"], Is.EqualTo("mobilenet_v2"));
            Assert.That((string?)json["training"]!["optimizer"], Is.EqualTo("adamw"));
            Assert.That((string?)json["training"]!["schedule"], Is.EqualTo("clr"));
            Assert.That((string?)json["pruning"]!["ranking"], Is.EqualTo("per-layer"));
            Assert.That(json["pruning"]!["target"]!.ToJsonString(), Is.EqualTo("""{"macs":0.6}"""));
            Assert.That((string?)json["pruning"]!["policy"]!["kind"], Is.EqualTo("epi"));
            Assert.That(
                (string?)JsonNode.Parse(new TrainingRecipe().ToJson())!["pruning"]!["policy"], Is.EqualTo("epi"));
        });
    }

    [Test]
    public void Fields_that_are_left_out_have_their_defaults()
    {
        var recipe = TrainingRecipe.FromJson("""
            {
              "network": "resnet32", // short for resnet32-cifar
              "training": { "epochs": 3 },
              "pruning": { "policy": "epoch:1", "target": "parameters:0.4", "retraining": { "epochs": 2 } },
            }
            """);
        Assert.That(
            recipe,
            Is.EqualTo(
                new TrainingRecipe
                {
                    Network = Networks.ResNet32,
                    Training = new() { Epochs = 3 },
                    Pruning = new()
                    {
                        Policy = PruningPolicy.AtEpoch(1),
                        Target = PruningTarget.Parameters(0.4),
                        Retraining = new() { Epochs = 2 },
                    },
                } with { Images = recipe.Images, Training = recipe.Training, Pruning = recipe.Pruning }));
        Assert.That(
            recipe.ToJson(),
            Is.EqualTo(
                new TrainingRecipe
                {
                    Network = Networks.ResNet32,
                    Training = new() { Epochs = 3 },
                    Pruning = new()
                    {
                        Policy = PruningPolicy.AtEpoch(1),
                        Target = PruningTarget.Parameters(0.4),
                        Retraining = new() { Epochs = 2 },
                    },
                }.ToJson()));
    }

    [Test]
    public void All_errors_come_with_line_path_and_remedy()
    {
        const string Json = """
            {
              "schemaVersion": 1,
              "training": {
                "epoch": 3,
                "batchSize": 1,
                "momentum": "much",
                "optimizer": "adam"
              },
              "pruning": {
                "policy": { "kind": "epi", "tau": 2 },
                "target": { "channels": 1.5 },
                "limits": 3
              },
              "images": null
            }
            """;
        var message = Assert.Throws<InvalidOptionsException>(() => TrainingRecipe.FromJson(Json))!
            .Message.Split(Environment.NewLine);
        Assert.That(
            message,
            Is.EqualTo(
                new[]
                {
                    "The recipe, line 4: training.epoch is not a field of a recipe. Did you mean training.epochs?",
                    "The recipe, line 5: training.batchSize is 1; it must be 2 to 65536 images.",
                    "The recipe, line 6: training.momentum is \"much\"; it must be a number, 0 to 1, 1 excluded.",
                    "The recipe, line 7: training.optimizer is \"adam\"; it must be one of sgd, adamw, lars. Did you "
                        + "mean adamw?",
                    "The recipe, line 10: pruning.policy.tau is 2; it must be above 0, at most 1.",
                    "The recipe, line 11: pruning.target is {\"channels\":1.5}; it must be an object such as "
                        + "{\"channels\": 0.5}, of channels, macs, parameters, latency, training-time and the "
                        + "fraction to remove, between 0 and 1, both excluded.",
                    "The recipe, line 12: pruning.limits is 3; it must be an object.",
                    "The recipe, line 14: images is null; it must be an object.",
                }));
    }

    [TestCase("", "line 1")]
    [TestCase("{\n  \"seed\": 1,\n  \"seed\": 2\n}", "seed")]
    [TestCase("{\n  \"seed\": 1\n", "line 3")]
    [TestCase("[]", "must be a JSON object")]
    [TestCase("null", "must be a JSON object")]
    [TestCase("{ \"schemaVersion\": 2 }", "schemaVersion is 2; it must be 1")]
    [TestCase("{ \"network\": \"resnet21\" }", "There is no network 'resnet21'")]
    [TestCase("{ \"network\": { \"code\": \"mine\" } }", "set Network in code")]
    [TestCase("{ \"network\": { \"name\": \"mine\" } }", "network is not a network")]
    [TestCase("{ \"pruning\": { \"policy\": \"epoch:x\" } }", "one of epi, early-bird")]
    [TestCase("{ \"images\": { \"normalization\": { \"mean\": [0, 0, 0] } } }", "images.normalization")]
    public void What_is_no_recipe_is_refused(string json, string why) => Assert.That(
        () => TrainingRecipe.FromJson(json), Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(why));

    private static readonly object[] s_encodings =
    [
        new UTF8Encoding(false),
        new UTF8Encoding(true),
        new UnicodeEncoding(false, true),
        new UnicodeEncoding(true, true),
        new UnicodeEncoding(false, false),
        new UnicodeEncoding(true, false),
    ];

    [TestCaseSource(nameof(s_encodings))]
    public void Files_of_every_encoding_are_read(Encoding encoding)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Name, "recipe.json");
        File.WriteAllText(path, "{ \"weights\": \"gewichte-für-Blätter.pat\" }", encoding);
        Assert.That(TrainingRecipe.Read(path).Weights, Is.EqualTo(new WeightsFile("gewichte-für-Blätter.pat")));
    }

    [Test]
    public void A_file_gives_the_same_recipe_again_and_errors_name_it()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Name, "recipe.json");
        s_unusual.Write(path);
        Assert.That(TrainingRecipe.Read(path).Hash, Is.EqualTo(s_unusual.Hash));
        File.WriteAllText(path, "{ \"sede\": 2 }");
        Assert.That(() => TrainingRecipe.Read(path), Throws.TypeOf<InvalidOptionsException>().With.Message.EqualTo(
            $"{path}, line 1: sede is not a field of a recipe. Did you mean seed?"));
        Assert.That(() => TrainingRecipe.Read(path + "x"), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void Options_write_their_recipe_and_take_one()
    {
        var options = new PruningAwareTrainingOptions(s_unusual) { Threads = 3, LabelColumnName = "Kind" };
        Assert.That(options.ToJson(), Is.EqualTo(s_unusual.ToJson()), "the environment is not part of it");
        Assert.That(options.Hash, Is.EqualTo(s_unusual.Hash));
    }

    [Test]
    public void A_network_that_a_program_builds_is_written_by_its_name()
    {
        var own = new NetworkArchitecture("resnet20-cifar", new(3, 32, 32), Networks.ResNet20.Build);
        Assert.That(
            JsonNode.Parse(new TrainingRecipe { Network = own }.ToJson())!["network"]!.ToJsonString(),
            Is.EqualTo("""{"code":"resnet20-cifar"}"""));
    }
}
