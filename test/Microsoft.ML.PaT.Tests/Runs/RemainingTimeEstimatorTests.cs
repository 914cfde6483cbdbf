using Microsoft.ML.PaT.Runs;

namespace Microsoft.ML.PaT.Tests;

public class RemainingTimeEstimatorTests
{
    private const double Epochs = 30,
        Dense = 60,
        Fraction = 0.25,
        Pruning = 10; // seconds a dense epoch; of a compact one a quarter

    [Test]
    public void Before_the_cut_it_counts_on_the_latest_one_and_on_the_target() =>
        Assert.Multiple(() =>
        {
            var left = new RemainingTimeEstimator(latestPruning: Pruning, expectedMacFraction: Fraction);
            Assert.That(left.Seconds(0, Epochs, 0), Is.Null);
            Assert.That(left.Seconds(0.01, Epochs, 5), Is.Null, "too little to go by");
            foreach (var at in new[] { 0.5, 3, 9.9 })
            {
                Assert.That(
                    left.Seconds(at, Epochs, at * Dense),
                    Is.EqualTo((Pruning - at + Fraction * (Epochs - Pruning)) * Dense).Within(1e-9),
                    $"after {at} epochs");
            }
            Assert.That(
                left.Seconds(12, Epochs, 12 * Dense),
                Is.EqualTo(Fraction * 18 * Dense).Within(1e-9),
                "pruning is overdue");
        });

    [Test]
    public void After_the_cut_compact_epochs_are_measured() =>
        Assert.Multiple(() =>
        {
            // Pruned sooner than expected, after 6 epochs; compact epochs cost half, not a quarter.
            var left =
                new RemainingTimeEstimator(Pruning, Fraction) { LastPruning = new(6, 6, 6 * Dense, MacFraction: 0.5) };
            Assert.That(
                left.Seconds(6, Epochs, 6 * Dense),
                Is.EqualTo(0.5 * Dense * 24).Within(1e-9),
                "what is known of its cost");
            foreach (var at in new[] { 6.5, 20, 30 })
            {
                Assert.That(
                    left.Seconds(at, Epochs, 6 * Dense + (at - 6) * 40),
                    Is.EqualTo((Epochs - at) * 40).Within(1e-6),
                    $"after {at} epochs");
            }
        });

    [Test]
    public void Pruned_before_the_first_step_or_never_all_epochs_cost_the_same() =>
        Assert.Multiple(() =>
        {
            Assert.That(
                new RemainingTimeEstimator(0, Fraction) { LastPruning = new(0, 0, 1, Fraction) }.Seconds(2, Epochs, 21),
                Is.EqualTo(280).Within(1e-9));
            Assert.That(
                new RemainingTimeEstimator(Epochs, Fraction).Seconds(3, Epochs, 3 * Dense),
                Is.EqualTo(27 * Dense).Within(1e-9));
        });

    [Test]
    public void A_run_expects_its_cut_where_its_policy_prunes_at_the_latest() => Assert.Multiple(() =>
    {
        var training = new TrainingOptions { Epochs = 30 };
        Assert.That(PruningPolicy.EarlyPruningIndicator().LatestPruning(training), Is.EqualTo(10).Within(1e-9));
        Assert.That(PruningPolicy.EarlyBird().LatestPruning(training), Is.EqualTo(10).Within(1e-9));
        Assert.That(PruningPolicy.AtEpoch(7).LatestPruning(training), Is.EqualTo(7));
        Assert.That(PruningPolicy.AfterTraining.LatestPruning(training), Is.EqualTo(30));
        Assert.That(PruningPolicy.Never.LatestPruning(training), Is.EqualTo(30));
        Assert.That(RemainingTimeEstimator.MacsLeftBy(PruningTarget.Channels(0.5)), Is.EqualTo(0.25));
        Assert.That(RemainingTimeEstimator.MacsLeftBy(PruningTarget.Macs(0.6)), Is.EqualTo(0.4).Within(1e-9));
    });
}
