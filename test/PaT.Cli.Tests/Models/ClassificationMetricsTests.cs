namespace PaT.Cli.Tests;

public sealed class ClassificationMetricsTests
{
    [Test]
    public void Counts_by_hand()
    {
        // a: 2 of 3 right; b: 1 of 1; c is known and has no images; one image is of an unknown class.
        var metrics = ClassificationMetrics.Of(["a", "b", "c"],
        [
            ("a", [0.5f, 0.25f, 0.25f]),
            ("a", [0.5f, 0.25f, 0.25f]),
            ("a", [0.25f, 0.5f, 0.25f]),
            ("b", [0.25f, 0.5f, 0.25f]),
            ("z", [0.25f, 0.5f, 0.25f]),
        ]);
        Assert.That(metrics.Accuracy, Is.EqualTo(3.0 / 5));
        Assert.That(metrics.MacroAccuracy, Is.EqualTo((2.0 / 3 + 1) / 2).Within(1e-12));
        Assert.That(metrics.LogLoss, Is.EqualTo((3 * Math.Log(2) + Math.Log(4)) / 4).Within(1e-6));
        Assert.That((metrics.Images, metrics.Unknown), Is.EqualTo((5, 1)));
        Assert.That(metrics.Classes[0], Is.EqualTo(new ClassMetrics("a", 3, 2, 2.0 / 3, 1)));
        Assert.That(metrics.Classes[1], Is.EqualTo(new ClassMetrics("b", 1, 1, 1, 1.0 / 3)));
        Assert.That(metrics.Classes[2], Is.EqualTo(new ClassMetrics("c", 0, 0, null, null)));
    }

    [Test]
    public void An_image_of_a_name_that_classes_share_is_correct_as_any_of_them()
    {
        var metrics = ClassificationMetrics.Of(
            ["crane", "egret", "crane"], [("crane", [0.25f, 0.25f, 0.5f]), ("crane", [0.25f, 0.5f, 0.25f])]);
        Assert.That((metrics.Accuracy, metrics.Unknown), Is.EqualTo((0.5, 0)));
    }

    [Test]
    public void A_probability_of_zero_is_a_large_loss_not_an_infinite_one() =>
        Assert.That(
            ClassificationMetrics.Of(["a", "b"], [("a", [0, 1])]).LogLoss, Is.EqualTo(-Math.Log(1e-15)).Within(1e-6));
}
