namespace Microsoft.ML.PaT.Tests;

public class PruningPolicyTests
{
    [TestCase(6, 10)]
    [TestCase(16, 4)]
    [TestCase(30, 2)]
    [TestCase(60, 1)]
    [TestCase(90, 1)]
    public void The_first_third_of_any_run_holds_twenty_observations(int epochs, int expected)
    {
        var watch = PruningPolicy.EarlyPruningIndicator().Watch(ImportanceCriterion.Taylor, epochs)!;
        Assert.That(watch.ObservationsPerEpoch, Is.EqualTo(expected));
        Assert.That(watch.ObservationsPerEpoch * epochs / 3.0, Is.GreaterThanOrEqualTo(20));
    }

    [Test]
    public void A_stable_structure_is_pruned_as_soon_as_the_rule_can_fire()
    {
        var watch = PruningPolicy.EarlyPruningIndicator(0.9).Watch(ImportanceCriterion.Magnitude, 90)!;
        var decisions = Enumerable.Range(0, 12).Select(epoch => watch.Observe(epoch, [8, 8])).ToList();
        // N_0 to N_4 make the window, five values more the look-back: observation 10
        Assert.That(decisions.FindIndex(d => d.Prune), Is.EqualTo(10));
        Assert.That(decisions[10].Reason, Does.StartWith("stable"));
        Assert.That(decisions[10].Tau, Is.EqualTo(0.9));
    }

    [Test]
    public void A_structure_that_never_settles_is_pruned_at_the_deadline_and_says_so()
    {
        var watch = PruningPolicy.EarlyPruningIndicator().Watch(ImportanceCriterion.Magnitude, 30)!;
        var decisions = Enumerable.Range(0, 30).Select(epoch => watch.Observe(epoch, [epoch % 2 == 0 ? 1 : 60])).ToList();
        Assert.That(decisions.FindIndex(d => d.Prune), Is.EqualTo(10));
        Assert.That(decisions[10].Reason, Does.StartWith("deadline").And.Contains("below tau"));
    }

    [Test]
    public void A_fixed_epoch_is_that_epoch()
    {
        var watch = PruningPolicy.AtEpoch(3).Watch(ImportanceCriterion.Taylor, 10)!;
        Assert.That(Enumerable.Range(1, 4).Select(epoch => watch.Observe(epoch, [1]).Prune), Is.EqualTo(new[] { false, false, true, true }));
    }

    [Test]
    public void Never_looks_at_nothing() => Assert.That(PruningPolicy.Never.Watch(ImportanceCriterion.Taylor, 10), Is.Null);

    [Test]
    public void Names_are_those_of_the_command_line() => Assert.That(
        new[] { PruningPolicy.EarlyPruningIndicator(), PruningPolicy.AtEpoch(4), PruningPolicy.Never }.Select(p => p.Name), Is.EqualTo(new[] { "epi", "epoch:4", "never" }));
}
