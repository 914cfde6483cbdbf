namespace PaT.Cli.Tests;

public sealed class OptionNamesTests
{
    [TestCase("Training.BatchSize is 1; it must be 2 to 65536 images.", "--batch is 1; it must be 2 to 65536 images.")]
    [TestCase("Training.Mixup is 20.", "training.mixup is 20.")]
    [TestCase("set Pruning.Retraining.Epochs.", "set --retrain-epochs.")]
    [TestCase("Pruning.Limits.MaxRatio is 0", "pruning.limits.maxRatio is 0")]
    [TestCase("set Options.Images.Height and Width.", "set --size.")]
    [TestCase("Set Images.Height and Images.Width to the size", "Set --size to the size")]
    [TestCase(
        "Free disk space, set CacheFolder to another folder, or raise MemoryBudget.",
        "Free disk space, set the environment variable XDG_CACHE_HOME to another folder, or raise --image-memory.")]
    [TestCase("Halving.FirstEpochs is 9; Folds are given together with validation data",
        "--halving-epochs is 9; --folds are given together with validation data")]
    [TestCase("Weights names the file 'x'", "--weights names the file 'x'")]
    [TestCase(
        "2 of 9 images cannot be read (MaxUnreadableFraction).",
        "2 of 9 images cannot be read (--allow-unreadable).")]
    [TestCase(
        "Network 'mine' takes 4 channels; Seed of the search",
        "Network 'mine' takes 4 channels; Seed of the search")]
    [TestCase("/data/Training.Set/a.jpg", "/data/Training.Set/a.jpg")]
    public void Properties_become_options_or_fields(string message, string expected) =>
        Assert.That(OptionNames.In(message), Is.EqualTo(expected));

    private const string Unreachable = "Lower Pruning.Target or Pruning.RoundTo, or loosen Pruning.Limits.";

    [TestCase("Weights names the file 'x'", "the recipe's field weights names the file 'x'",
        "train", "--recipe", "r.json")]
    [TestCase("Weights names the file 'x'", "--weights names the file 'x'",
        "train", "--recipe", "r.json", "--weights", "x")]
    [TestCase("Weights names the file 'x'", "--weights names the file 'x'", "train", "--weights", "x")]
    [TestCase("Training.BatchSize is 1; it", "training.batchSize is 1; it",
        "train", "--set", "training.batchSize=1")]
    [TestCase("Training.BatchSize is 1; it", "--batch is 1; it", "train", "--recipe", "r.json", "--batch", "1")]
    [TestCase("Lower Pruning.Target", "Lower --prune-channels", "train", "--recipe", "r.json")]
    [TestCase("Lower Pruning.Target", "Lower --prune-training-time", "train", "--prune-training-time", "0.5")]
    [TestCase(Unreachable, "Lower --prune-macs or pruning.roundTo, or loosen pruning.limits.",
        "train", "--prune-macs", "0.9")]
    [TestCase(Unreachable, "Lower --prune-macs.", "prune", "--prune-macs", "0.9")]
    [TestCase("Only its classifier differs: with ResetClassifier that layer starts from random weights",
        "Only its classifier differs: give weights for these classes", "prune", "--weights", "x")]
    public void Names_are_those_that_the_command_line_can_change(
        string message, string expected, params string[] arguments) =>
        Assert.That(OptionNames.In(message, PatCommandLine.Describe().Parse(arguments)), Is.EqualTo(expected));
}
