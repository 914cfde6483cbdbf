namespace Microsoft.ML.PaT.Tests;

public class LineChartTests
{
    [TestCase(false, "Accuracy (axis from 96.0% to 98.0%)")]
    [TestCase(true, "Accuracy")]
    public void An_axis_that_does_not_start_at_zero_states_its_range(bool fromZero, string expected)
    {
        var curve = new Curve("run", "run", [(0, 0.961), (1, 0.978)]);
        var chart = new LineChart("Accuracy", DisplayText.Percent, fromZero, curve).Draw()!;
        Assert.That(chart.Element("figcaption")!.Value, Is.EqualTo(expected));
        if (!fromZero)
            Assert.That(chart.Descendants("text").Select(t => t.Value), Does.Contain("96.0%").And.Contain("98.0%"));
    }

    [Test]
    public void Observations_within_two_epochs_have_several_ticks()
    {
        var curve = new Curve("EPI", "run", [(0.2, 0.5), (1.4, 0.5)]);
        var chart = new LineChart("Indicator", DisplayText.Number, fromZero: true, curve).Draw()!;
        var texts = chart.Descendants("text").Where(t => (string?)t.Attribute("text-anchor") == "middle");
        Assert.That(
            texts.Select(t => t.Value),
            Is.EqualTo(new[] { "0.2", "0.4", "0.6", "0.8", "1", "1.2", "1.4", "epoch" }));
    }
}
