using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Tests;

public class EarlyPruningIndicatorTests
{
    [Test]
    public void Psi_is_the_formula()
    {
        // d = |4-2|/6 = 1/3 and |10-10|/20 = 0; Psi = 1 - (1/3 + 0)/2
        Assert.That(SubNetworkSimilarity.Psi([4, 10], [2, 10]), Is.EqualTo(1 - 1.0 / 6).Within(1e-15));
        Assert.That(SubNetworkSimilarity.Psi([0, 3], [0, 3]), Is.EqualTo(1), "0/0 counts as 0");
        Assert.That(SubNetworkSimilarity.Psi([5, 0], [0, 7]), Is.EqualTo(0), "nothing in common");
    }

    [Test]
    public void Psi_of_any_two_structures_is_symmetric_and_between_0_and_1()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 200; trial++)
        {
            var one = Enumerable.Range(0, 1 + trial % 20).Select(_ => random.Next(0, 100)).ToArray();
            var other = one.Select(_ => random.Next(0, 100)).ToArray();
            var psi = SubNetworkSimilarity.Psi(one, other);
            Assert.That(psi, Is.InRange(0, 1));
            Assert.That(SubNetworkSimilarity.Psi(other, one), Is.EqualTo(psi));
            Assert.That(SubNetworkSimilarity.Psi(one, one), Is.EqualTo(1));
        }
    }

    [Test]
    public void Different_layers_cannot_be_compared() =>
        Assert.That(() => SubNetworkSimilarity.Psi([1, 2], [1]), Throws.ArgumentException);

    [Test]
    public void Is_null_until_the_window_is_full_and_then_the_mean_similarity()
    {
        var indicator = new EarlyPruningIndicator(window: 2);
        Assert.That(indicator.Observe([4]), Is.Null);
        Assert.That(indicator.Observe([2]), Is.Null);
        // Psi(3,2) = 1 - 1/5, Psi(3,4) = 1 - 1/7
        Assert.That(indicator.Observe([3]), Is.EqualTo((0.8 + 6.0 / 7) / 2).Within(1e-15));
        Assert.That(indicator.Psi, Is.EqualTo(0.8).Within(1e-15));
        // the first structure has left the window: Psi(3,3) = 1, Psi(3,2) = 0.8
        Assert.That(indicator.Observe([3]), Is.EqualTo(0.9).Within(1e-15));
    }

    [Test]
    public void Keeps_its_own_copy_of_what_it_saw()
    {
        var indicator = new EarlyPruningIndicator(window: 1);
        int[] counts = [4];
        indicator.Observe(counts);
        counts[0] = 100;
        Assert.That(indicator.Observe([4]), Is.EqualTo(1));
    }
}
