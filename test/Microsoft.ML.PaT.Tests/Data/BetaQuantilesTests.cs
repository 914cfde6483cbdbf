using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Tests;

public class BetaQuantilesTests
{
    [Test]
    public void One_is_the_uniform_distribution() => Compare(1, u => u);

    [Test]
    public void A_half_is_the_arcsine_distribution() => Compare(0.5, u => Math.Pow(Math.Sin(Math.PI * u / 2), 2));

    // The distribution function is 3 x^2 - 2 x^3, and this its inverse.
    [Test]
    public void Two_is_the_parabola() => Compare(2, u => 0.5 - Math.Sin(Math.Asin(1 - 2 * u) / 3));

    [TestCase(0.2)]
    [TestCase(0.4)]
    [TestCase(1.5)]
    [TestCase(10)]
    public void Mean_and_variance_are_those_of_the_distribution(double alpha)
    {
        var table = BetaQuantiles.Table(alpha, 1 << 14);
        var middles = table.Zip(table.Skip(1), (a, b) => (a + b) / 2.0).ToArray();
        Assert.That(middles.Average(), Is.EqualTo(0.5).Within(1e-6));
        Assert.That(middles.Average(x => (x - 0.5) * (x - 0.5)), Is.EqualTo(1 / (4 * (2 * alpha + 1))).Within(2e-4));
        Assert.That(table, Is.Ordered);
    }

    private static void Compare(double alpha, Func<double, double> expected)
    {
        var table = BetaQuantiles.Table(alpha, 64);
        for (var i = 0; i <= 64; i++) Assert.That(table[i], Is.EqualTo(expected(i / 64.0)).Within(1e-5), $"at {i}/64");
    }
}
