using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Tests;

public class AutomaticTauTests
{
    [TestCase(1, 1)]
    [TestCase(2, 1.2071067811865476)]
    [TestCase(5, 1.6764646830026894)]
    public void The_spread_is_the_mean_root_of_the_lags(int window, double spread) =>
        Assert.That(
            new AutomaticTau(window).Spread,
            Is.EqualTo(Enumerable.Range(1, window).Sum(j => Math.Sqrt(j)) / window)
                .Within(1e-15)
                .And.EqualTo(spread)
                .Within(1e-3));

    [Test]
    public void Tau_is_the_formula_over_the_last_steps()
    {
        var tau = new AutomaticTau(window: 2);
        Assert.That(tau.Observe(0.9), Is.Null);
        Assert.That(tau.Observe(0.96), Is.EqualTo(1 - (1 + Math.Sqrt(2)) / 2 * 0.07).Within(1e-15));
        Assert.That(
            tau.Observe(1),
            Is.EqualTo(1 - (1 + Math.Sqrt(2)) / 2 * 0.02).Within(1e-15),
            "the first has left the window");
    }

    [Test]
    public void Stays_a_fraction()
    {
        var tau = new AutomaticTau(window: 1);
        Assert.That(tau.Observe(1), Is.EqualTo(1));
        Assert.That(tau.Observe(0), Is.EqualTo(0));
        Assert.That(() => tau.Observe(double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new AutomaticTau(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Widths_that_drift_are_below_it_by_the_closed_form()
    {
        // One wide layer gains a channel per observation: d(n, n-j) = j / (2n - j), nearly j times d(n, n-1).
        var (epi, tau) = Last(Enumerable.Range(0, 12).Select(t => 10_000 + t));
        Assert.That(1 - epi, Is.EqualTo(3 / 20_000.0).Within(1e-6), "the mean of j");
        Assert.That(1 - tau, Is.EqualTo(1.676 / 20_000.0).Within(1e-6), "the mean of its roots");
        Assert.That(epi, Is.LessThan(tau));
    }

    [Test]
    public void Widths_that_go_to_and_fro_are_above_it()
    {
        var (epi, tau) = Last(Enumerable.Range(0, 12).Select(t => 10_000 + t % 2));
        Assert.That(epi, Is.GreaterThan(tau));
    }

    [TestCase(16)]
    [TestCase(64)]
    [TestCase(512)]
    public void Many_layers_that_wander_meet_it_whatever_their_width(int width)
    {
        // A random walk is sqrt(j) times as far after j steps, for any number of channels; tau is based on this.
        var random = new Random(width);
        var position = Enumerable.Range(0, 4000).Select(_ => width + random.NextDouble() - 0.5).ToArray();
        var (indicator, automatic) = (new EarlyPruningIndicator(), new AutomaticTau(window: 5));
        double? epi = null, tau = null;
        for (var t = 0; t < 8; t++)
        {
            epi = indicator.Observe([.. position.Select(p => (int)Math.Round(p))]);
            if (t > 0) tau = automatic.Observe(indicator.Psi!.Value);
            for (var i = 0; i < position.Length; i++)
                position[i] += (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * width / 16;
        }
        Assert.That((1 - epi) / (1 - tau), Is.EqualTo(1).Within(0.05));
    }

    private static (double Epi, double Tau) Last(IEnumerable<int> widths)
    {
        var (indicator, automatic) = (new EarlyPruningIndicator(), new AutomaticTau(window: 5));
        double? epi = null, tau = null;
        foreach (var width in widths)
        {
            epi = indicator.Observe([width]);
            if (indicator.Psi is { } psi) tau = automatic.Observe(psi);
        }
        return (epi!.Value, tau!.Value);
    }
}
