using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

public class RecipeFieldTests
{
    [TestCase("training.mixup", "0.2", "training", "mixup")]
    [TestCase("Training.MixUp", "0.2", "training", "mixup")]
    [TestCase("training.optimizer", "adamw", "training", "optimizer")]
    [TestCase("training.optimizer", "\"adamw\"", "training", "optimizer")]
    [TestCase("training.milestones", "10,20", "training", "milestones")]
    [TestCase("training.milestones", "[10, 20]", "training", "milestones")]
    [TestCase("training.emaDecay", "0.99", "training", "emaDecay")]
    [TestCase("pruning.target", "macs:0.3", "pruning", "target")]
    [TestCase("pruning.target.macs", "0.3", "pruning", "target")]
    [TestCase("pruning.policy", "epoch:3", "pruning", "policy")]
    [TestCase("pruning.policy.tau", "0.9", "pruning", "policy")]
    [TestCase("pruning.limits.exclude", "conv1,layer1.*", "pruning", "limits")]
    [TestCase("pruning.limits.exclude", "conv1", "pruning", "limits")]
    [TestCase("pruning.retraining.epochs", "5", "pruning", "retraining")]
    [TestCase("images.height", "64", "images", "height")]
    [TestCase("images.horizontalFlip", "false", "images", "horizontalFlip")]
    public void One_field_is_set_and_all_others_stay(string path, string value, string record, string field)
    {
        var recipe = new TrainingRecipe();
        var changed = recipe.With(path, value).ToJson().Split('\n').Except(recipe.ToJson().Split('\n')).ToList();
        Assert.That(changed, Is.Not.Empty);
        Assert.That(
            changed[0],
            Does.Contain($"\"{field}\"").Or.Contain("exclude").Or.Contain("conv1").Or.Contain("10").Or.Contain("macs"),
            record);
        Assert.That(changed, Has.Count.LessThan(12));
    }

    [Test]
    public void A_choice_of_names_lists_them()
    {
        Assert.That(Of("training.optimizer").Names, Is.EqualTo(new[] { "sgd", "adamw", "lars" }));
        Assert.That(Of("pruning.criterion").Names, Is.EqualTo(Importance.All.Select(c => c.Name)));
        Assert.That(Of("training.epochs").Names, Is.Empty);

        static RecipeField Of(string path) => RecipeField.All.Single(f => f.Path == path);
    }

    [Test]
    public void Normalization_has_a_name_or_values()
    {
        var recipe = new TrainingRecipe().With("images.normalization", "imagenet");
        Assert.That(recipe.Images.Normalization, Is.EqualTo(Normalization.ImageNet));
        Assert.That(
            TrainingRecipe.FromJson(recipe.ToJson()).Images.Normalization!.Mean,
            Is.EqualTo(Normalization.ImageNet.Mean));
        recipe = recipe.With(
            "images.normalization", """{"mean": [0.5, 0.5, 0.5], "standardDeviation": [0.25, 0.25, 0.25]}""");
        Assert.That(recipe.Images.Normalization!.StandardDeviation, Is.All.EqualTo(0.25f));
        Assert.That(
            () => recipe.With("images.normalization", "cifar"),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("imagenet"));
    }

    [Test]
    public void Parts_of_a_policy_keep_the_others()
    {
        var recipe = new TrainingRecipe().With("pruning.policy.tau", "0.9").With("pruning.policy.window", "3");
        Assert.That(recipe.Pruning.Policy, Is.EqualTo(new EarlyPruningIndicatorPolicy { Tau = 0.9, Window = 3 }));
        Assert.That(
            recipe.With("pruning.policy.tau", "null").Pruning.Policy,
            Is.EqualTo(new EarlyPruningIndicatorPolicy { Window = 3 }));
    }

    [Test]
    public void Weights_are_set_whole_or_in_parts()
    {
        var recipe = new TrainingRecipe().With("weights", "a.pat");
        Assert.That(recipe.Weights, Is.EqualTo(new WeightsFile("a.pat")));
        Assert.That(
            recipe.With("weights.resetClassifier", "true").Weights,
            Is.EqualTo(new WeightsFile("a.pat") { ResetClassifier = true }));
        Assert.That(recipe.With("weights", "null").Weights, Is.Null);
        Assert.That(new TrainingRecipe().With("weights.path", "123").Weights, Is.EqualTo(new WeightsFile("123")));
    }

    [Test]
    public void Options_keep_their_environment()
    {
        var options = new PruningAwareTrainingOptions { Threads = 3 }.With("seed", "4");
        Assert.That(options, Is.TypeOf<PruningAwareTrainingOptions>());
        Assert.That((((PruningAwareTrainingOptions)options).Threads, options.Seed), Is.EqualTo((3, 4)));
    }

    [TestCase("training.mixpu", "0", "training.mixpu is not a field of a recipe. Did you mean training.mixup")]
    [TestCase("mixup", "0", "Did you mean training.mixup")]
    [TestCase("trainin.mixup", "0", "Did you mean training.mixup")]
    [TestCase("training.optimizer.name", "0", "training.optimizer.name is not a field of a recipe")]
    [TestCase(
        "pruning.policy.taus",
        "0.9",
        "pruning.policy.taus is not a field of a recipe. Did you mean pruning.policy.tau?")]
    [TestCase("pruning.policy.threshold", "0.9", "pruning.policy.threshold is not a field of a recipe")]
    [TestCase("zzzzzzzz", "0", "zzzzzzzz is not a field of a recipe (docs/guide/options.md lists them).")]
    [TestCase("training.mixup", "20", "training.mixup is 20; it must be 0 to 10.")]
    [TestCase("training.mixup", "much", "training.mixup is \"much\"; it must be a number, 0 to 10.")]
    [TestCase("training.epochs", "1.5", "training.epochs is 1.5; it must be a whole number, at least 1.")]
    [TestCase("training.optimizer", "sdg", "it must be one of sgd, adamw, lars. Did you mean sgd?")]
    [TestCase("training.epochs", "null", "training.epochs is null")]
    [TestCase("pruning.target.chanels", "0.5", "it must be an object such as {\"channels\": 0.5}")]
    public void What_is_wrong_is_named_with_what_is_right(string path, string value, string message) => Assert.That(
            () => new TrainingRecipe().With(path, value),
            Throws.TypeOf<InvalidOptionsException>().With.Message.StartsWith(message).Or.Message.Contains(message));

    [Test]
    public void Defaults_that_are_written_out_do_not_change_the_identity()
    {
        var recipe = new TrainingRecipe();
        Assert.Multiple(() =>
        {
            Assert.That(recipe.Hash, Does.Match("^[0-9a-f]{64}$"));
            Assert.That(
                recipe.With("training.learningRate", "0.2").Hash, Is.EqualTo(recipe.Hash), "the default of SGD");
            Assert.That(recipe.With("training.learningRate", "0.1").Hash, Is.Not.EqualTo(recipe.Hash));
            Assert.That(recipe.With("seed", "2").Hash, Is.Not.EqualTo(recipe.Hash));
        });
    }

    [Test]
    public void Resolving_fills_in_the_defaults_of_the_optimizer_and_the_criterion()
    {
        var adamW = new TrainingRecipe
        {
            Training = new() { Optimizer = Optimizer.AdamW }, Pruning = new() { Criterion = Importance.Lamp },
        }.Resolve();
        Assert.That((adamW.Training.LearningRate, adamW.Training.WeightDecay), Is.EqualTo((1e-3, 0.01)));
        Assert.That(adamW.Pruning.Normalization, Is.EqualTo(ScoreNormalization.None));
        Assert.That(new TrainingRecipe().Resolve().Pruning.Normalization, Is.EqualTo(ScoreNormalization.GroupMean));
    }

    [Test]
    public void Presets_are_found_by_name_and_are_valid()
    {
        Assert.That(RecipePresets.Names, Is.EqualTo(new[] { "cifar", "photos", "finetune" }));
        foreach (var name in RecipePresets.Names)
            Assert.That(() => Recipe.OptionsValidator.Validate(new(RecipePresets.ByName(name))), Throws.Nothing, name);
        Assert.That(RecipePresets.ByName("CIFAR"), Is.SameAs(RecipePresets.Cifar));
        Assert.That(RecipePresets.Cifar.Pruning.Target, Is.EqualTo(PruningTarget.Channels(0.2)));
        Assert.That(
            () => RecipePresets.ByName("imagenet"),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("cifar, photos, finetune"));
    }
}
