namespace Microsoft.ML.PaT.Tests;

public class DisplayTextTests
{
    [TestCase(0, "0")]
    [TestCase(3e-5, "3e-5")]
    [TestCase(-0.000352, "-3.52e-4")]
    [TestCase(0.001, "0.001")]
    [TestCase(0.01234, "0.0123")]
    [TestCase(1.234, "1.23")]
    [TestCase(12345, "12,345")]
    public void Numbers_keep_their_first_digits(double value, string expected) =>
        Assert.That(DisplayText.Number(value), Is.EqualTo(expected));

    [TestCase(0.537, "0.54 ms")]
    [TestCase(9.996, "10.0 ms")]
    [TestCase(44.13, "44.1 ms")]
    [TestCase(123.45, "123 ms")]
    [TestCase(1234.5, "1.2 s")]
    public void Times_have_at_most_three_digits(double milliseconds, string expected) =>
        Assert.That(DisplayText.Milliseconds(milliseconds), Is.EqualTo(expected));

    [Test]
    public void Small_rates_have_distinct_ticks()
    {
        var curve = new Curve("rate", "run", [(0, 3e-5), (1, 2e-5), (2, 0)]);
        var chart = new LineChart("Learning rate", DisplayText.Number, fromZero: true, curve).Draw()!;
        var ticks = chart.Descendants()
            .Where(e => e.Name.LocalName == "text" && (string?)e.Attribute("text-anchor") == "end")
            .Select(e => e.Value)
            .ToList();
        Assert.That(ticks, Is.EqualTo(new[] { "0", "1e-5", "2e-5", "3e-5" }));
    }
}
