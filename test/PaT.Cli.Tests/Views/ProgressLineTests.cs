using Microsoft.ML.PaT.Reporting;

namespace PaT.Cli.Tests;

public sealed class ProgressLineTests
{
    [TestCase(true, "epoch  3  40% dense      200 img/s loss 1.500 acc 9.6%")]
    [TestCase(false, "epoch  3  30% dense      200 img/s loss 1.500 acc 9.6% (stopped within it)")]
    public void An_epoch_that_was_canceled_is_marked(bool isComplete, string expected)
    {
        var report = new EpochReport(3, TrainingPhase.Dense, 1.5, 0.0955, 1, 200, 0.1, null);
        var ended = new EpochEnded(report) { Epoch = 3, Epochs = 10, Channels = 5, IsComplete = isComplete };
        Assert.That(ProgressLine.Of(ended), Is.EqualTo(expected));
        Assert.That(ended.Text.Contains("not complete"), Is.Not.EqualTo(isComplete));
    }

    [Test]
    public void Epochs_fit_a_terminal_of_80_columns()
    {
        var report = new EpochReport(100, TrainingPhase.Dense, 1.5, 0.999, 1, 123_456, 0.1, 0.9999);
        var ended = new EpochEnded(report)
        {
            Epoch = 100, Epochs = 102, Channels = 5, Remaining = new TimeSpan(15, 30, 59),
        };
        const string Line = "epoch 100  99% dense   123456 img/s loss 1.500 acc 99.9% EPI 0.9999 15h30 left";
        Assert.That(ProgressLine.Of(ended), Is.EqualTo(Line).And.Length.EqualTo(78));
    }
}
