using System.Globalization;
using System.Text.Json;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

public class StabilityTriggerTests
{
    [TestCase("RN50-mag p10", 0.983, 15)]
    [TestCase("RN50-mag p20", 0.983, 17)]
    [TestCase("RN50-mag p30", 0.983, 18)]
    [TestCase("RN50-grad p10", 0.944, 10)]
    [TestCase("RN50-grad p20", 0.944, 9)]
    [TestCase("RN50-grad p30", 0.944, 11)]
    [TestCase("RN50-grad p40", 0.944, 12)]
    [TestCase("RN50-grad p50", 0.944, 12)]
    public void Published_curves_give_the_published_epochs(string curve, double tau, int epoch)
    {
        var trigger = new StabilityTrigger(lookBack: 5);
        var first = Curve(curve).Where(point => trigger.Observe(point.Epi, tau)).Select(point => (int?)point.Epoch)
            .FirstOrDefault();
        Assert.That(first, Is.EqualTo(epoch));
    }

    [Test]
    public void Needs_five_earlier_values()
    {
        var trigger = new StabilityTrigger(lookBack: 5);
        Assert.That(
            Enumerable.Range(0, 7).Select(_ => trigger.Observe(1, 0.5)),
            Is.EqualTo(new[] { false, false, false, false, false, true, true }));
    }

    [Test]
    public void An_undefined_value_is_no_earlier_value()
    {
        var trigger = new StabilityTrigger(lookBack: 2);
        Assert.That(
            new double?[] { 1, null, 1, 1, 1 }.Select(epi => trigger.Observe(epi, 0.5)),
            Is.EqualTo(new[] { false, false, false, false, true }));
    }

    [Test]
    public void Must_not_be_below_any_of_the_values_it_looks_back_on()
    {
        var trigger = new StabilityTrigger(lookBack: 2);
        Assert.That(
            new[] { 0.9, 0.6, 0.8, 0.8, 0.8 }.Select(epi => trigger.Observe(epi, 0.5)),
            Is.EqualTo(new[] { false, false, false, true, true }));
        Assert.That(trigger.Reason, Does.Contain("0.8000"));
    }

    [Test]
    public void Compares_with_the_threshold_of_the_moment()
    {
        var trigger = new StabilityTrigger(lookBack: 1);
        Assert.That(
            new double?[] { 0.5, null, 0.9, 0.8 }.Select(tau => trigger.Observe(0.8, tau)),
            Is.EqualTo(new[] { false, false, false, true }));
    }

    [Test]
    public void Look_back_is_at_least_one() =>
        Assert.That(() => new StabilityTrigger(lookBack: 0), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static IEnumerable<(int Epoch, double Epi)> Curve(string name)
    {
        var file = Path.Combine(TestContext.CurrentContext.TestDirectory, "Pruning", "Policies", "epi-curves.json");
        var curves =
            JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double>>>(File.ReadAllText(file))!;
        return curves[name]
            .Select(p => (int.Parse(p.Key, CultureInfo.InvariantCulture), p.Value))
            .OrderBy(p => p.Item1);
    }
}
