namespace Microsoft.ML.PaT.Tests;

public class AxisScaleTests
{
    [TestCase(0, 0.97, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [TestCase(1100, 1930, new double[] { 1000, 1200, 1400, 1600, 1800, 2000 })]
    public void Ticks_are_round_and_enclose_the_values(double low, double high, double[] ticks)
    {
        Assert.That(new AxisScale(low, high, 0, 1, 5).Ticks, Is.EqualTo(ticks).Within(1e-9));
    }

    [Test]
    public void Whole_ticks_on_a_short_axis()
    {
        Assert.That(
            new AxisScale(0, 3, 0, 1, 6, whole: true, outwards: false).Ticks, Is.EqualTo(new double[] { 0, 1, 2, 3 }));
    }

    [TestCase(0)]
    [TestCase(0.5)]
    [TestCase(-3)]
    public void A_constant_has_an_axis_around_it(double value)
    {
        var position = new AxisScale(value, value, 0, 100, 5).Position(value);
        Assert.That(position, Is.InRange(20, 80));
    }

    [Test]
    public void Ends_map_to_ends()
    {
        var axis = new AxisScale(0, 10, 200, 20, 5);
        Assert.Multiple(() =>
        {
            Assert.That(axis.Position(0), Is.EqualTo(200));
            Assert.That(axis.Position(10), Is.EqualTo(20));
        });
    }
}
