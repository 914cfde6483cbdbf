using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Tests;

public class ConfusionMatrixBuilderTests
{
    private static readonly ImageShape s_shape = new(3, 2, 2);

    [Test]
    public void Counts_losses_and_the_worst_are_those_of_the_images()
    {
        var tally = new ConfusionMatrixBuilder("test", ["a", "b", "c"], s_shape);
        Add("1", 0, 0.5f, 0.25f, 0.25f);
        Add("2", 0, 0.25f, 0.5f, 0.25f);
        Add("3", 1, 0.75f, 0.125f, 0.125f);
        Add("4", 2, 0, 0, 1);
        Add("5", 2, 0, 1, 0);
        var report = tally.Report();
        Assert.That(tally.Accuracy, Is.EqualTo(0.4));
        Assert.That(report.Confusion, Is.EqualTo(new int[][] { [1, 1, 0], [1, 0, 0], [0, 1, 1] }));
        Assert.That(report.Classes, Is.EqualTo(new ClassReport[] { new(2, 2, 1), new(1, 2, 0), new(2, 1, 1) }));
        Assert.That(
            report.Loss, Is.EqualTo((Math.Log(2) + Math.Log(4) + Math.Log(8) + 0 - Math.Log(1e-15)) / 5).Within(1e-12));
        Assert.That(report.Worst.Select(w => w.Name), Is.EqualTo(new[] { "5", "3", "2" }));
        Assert.That(
            (report.Worst[1].Label, report.Worst[1].Predicted, report.Worst[1].Probability, report.Worst[1].Confidence),
            Is.EqualTo(("b", "a", 0.125, 0.75)));

        void Add(string name, int truth, params float[] probabilities) =>
            tally.Add(truth, probabilities, name, () => new byte[s_shape.Size]);
    }

    [Test]
    public void Twelve_images_are_kept_and_few_are_asked_for()
    {
        var (tally, asked) = (new ConfusionMatrixBuilder("validation", ["a", "b"], s_shape), 0);
        // Sorted from the worst: after twelve, no image is worse than one that is kept.
        for (var i = 0; i < 100; i++)
            tally.Add(0, [0.001f * (i + 1), 1 - 0.001f * (i + 1)], $"{i}", () =>
            {
                asked++;
                return new byte[s_shape.Size];
            });
        tally.Add(1, [float.NaN, float.NaN], "no number", () => new byte[s_shape.Size]);
        Assert.That(asked, Is.EqualTo(12));
        Assert.That(tally.Report().Worst, Has.Count.EqualTo(12));
        Assert.That(
            tally.Report().Worst[0].Name, Is.EqualTo("no number"), "a probability that is not a number counts as none");
    }

    [Test]
    public void Many_classes_have_no_matrix()
    {
        var tally = new ConfusionMatrixBuilder("test", [.. Enumerable.Range(0, 60_000).Select(c => $"{c}")], s_shape);
        tally.Add(59_999, new float[60_000], null, () => new byte[s_shape.Size]);
        Assert.That(tally.Report().Confusion, Is.Null);
        Assert.That(tally.Report().Classes[59_999], Is.EqualTo(new ClassReport(1, 0, 0)));
    }
}
