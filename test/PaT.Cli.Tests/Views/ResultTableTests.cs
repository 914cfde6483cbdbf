namespace PaT.Cli.Tests;

public sealed class ResultTableTests
{
    /// <summary>100 * 0.09575 is below 9.575 in binary, and the JSON states 0.09575.</summary>
    [Test]
    public void Tables_round_as_people_do()
    {
        using var output = new StringWriter();
        ResultTable.Write(output, [new ModelColumn("dense", new(1, 2, 3), 4, 0.09575, 5)]);
        Assert.That(output.ToString(), Does.Contain("9.58"));
    }

    [Test]
    public void Table_and_page_show_the_same_median_of_images_per_second()
    {
        var columns = ModelColumn.Of(Report(), reference: null).ToList();
        Assert.That(columns.Select(c => c.ImagesPerSecond), Is.EqualTo(new[] { 100.0, 350 }));
        using var output = new StringWriter();
        ResultTable.Write(output, columns);
        Assert.That(output.ToString(), Does.Match("images/s.* 100 +350 "));
        Assert.That(HtmlReport.ToHtml(Report()), Does.Contain("<td>100</td><td>350</td>"));
    }

    [Test]
    public void Table_and_page_show_the_same_latencies()
    {
        using var output = new StringWriter();
        ResultTable.Write(output, [.. ModelColumn.Of(Report(), reference: null)]);
        Assert.That(output.ToString(), Does.Match(@"latency +124 ms +21\.2 ms "));
        Assert.That(HtmlReport.ToHtml(Report()), Does.Contain("<td>124 ms</td><td>21.2 ms</td>"));
    }

    /// <summary>One dense epoch, and two compact ones of different speed.</summary>
    private static RunReport Report() => new()
    {
        Network = "resnet8-cifar",
        Classes = ["circle", "square"],
        Recipe = "{}",
        Images = new(200, 20, [], 0),
        Epochs =
        [
            new(0, TrainingPhase.Dense, 1, null, 2, 100, 0.1, null),
            new(1, TrainingPhase.Compact, 1, null, 1, 400, 0.1, null),
            new(2, TrainingPhase.Compact, 1, null, 1, 300, 0.1, null),
        ],
        PruneEpoch = 1,
        Dense = new(78_042, 12_501_632, 123.56),
        Compact = new(19_230, 2_996_544, 21.15625),
        Seconds = new(5, 2, 0, 2, 0),
        Widths = new Dictionary<string, int[]>(),
        Observations = [],
        Machine = "2 cores",
    };
}
