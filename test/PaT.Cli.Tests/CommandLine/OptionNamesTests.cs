namespace PaT.Cli.Tests;

public sealed class OptionNamesTests
{
    [TestCase("Training.BatchSize is 1; it must be 2 to 65536 images.", "--batch is 1; it must be 2 to 65536 images.")]
    [TestCase("Training.Mixup is 20.", "training.mixup is 20.")]
    [TestCase("set Pruning.Retraining.Epochs.", "set --retrain-epochs.")]
    [TestCase("Pruning.Limits.MaxRatio is 0", "pruning.limits.maxRatio is 0")]
    [TestCase("set Options.Images.Height and Width", "set --size and Width")]
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
}
