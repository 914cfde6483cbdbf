namespace Microsoft.ML.PaT.Tests;

public class LatencyReportTests
{
    [TestCase(66.0, 30.0, false)]
    [TestCase(4.25, 33.1, true)]
    [TestCase(66.1, 2.5, true)]
    public void Latencies_of_a_busy_machine_are_said_to_be_unreliable(double dense, double compact, bool isBusy)
    {
        var report = Reports.Pruned() with { Latencies = [new(1, dense, compact, null), new(32, 60, 30, null)] };
        const string Remark = "One image took longer than a batch of 32: the machine was busy";
        Assert.That(HtmlReport.ToHtml(report).Contains(Remark, StringComparison.Ordinal), Is.EqualTo(isBusy));
    }
}
