using System.Text.Json;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

public class PruningPolicyTests
{
    [TestCase(5, 12)]
    [TestCase(6, 10)]
    [TestCase(10, 6)]
    [TestCase(16, 4)]
    [TestCase(20, 3)]
    [TestCase(30, 2)]
    [TestCase(60, 1)]
    [TestCase(90, 1)]
    public void The_first_third_of_any_run_holds_twenty_observations(int epochs, int expected)
    {
        foreach (var policy in new[] { PruningPolicy.EarlyPruningIndicator(), PruningPolicy.EarlyBird() })
        {
            var watch = Watch(policy, epochs);
            Assert.That(watch.ObservationsPerEpoch, Is.EqualTo(expected));
            Assert.That(watch.ObservationsPerEpoch * epochs / 3.0, Is.GreaterThanOrEqualTo(20));
        }
    }

    [Test]
    public void A_stable_structure_is_pruned_as_soon_as_the_rule_can_fire()
    {
        var watch = Watch(PruningPolicy.EarlyPruningIndicator(0.9), 90);
        var decisions = Enumerable.Range(0, 12).Select(epoch => watch.Observe(epoch, [8, 8])).ToList();
        // N_0 to N_4 fill the window, and five more values the look-back: observation 10.
        Assert.That(decisions.FindIndex(d => d.Prune), Is.EqualTo(10));
        Assert.That(decisions[10].Reason, Does.StartWith("stable"));
        Assert.That(decisions[10].Tau, Is.EqualTo(0.9));
    }

    [Test]
    public void The_automatic_threshold_counts_from_the_end_of_the_warm_up()
    {
        // 90 epochs with a warm-up of 0.15: steps count from the observation after 13.5 epochs; five of them are
        // available at 19.
        var watch = Watch(PruningPolicy.EarlyPruningIndicator(), 90);
        var decisions = Enumerable.Range(0, 25).Select(epoch => watch.Observe(epoch, [8, 8])).ToList();
        Assert.That(decisions.FindIndex(d => d.Prune), Is.EqualTo(19));
        Assert.That(decisions[18].Tau, Is.Null);
        Assert.That(decisions[18].Reason, Is.EqualTo("tau is not defined yet"));
        Assert.That(decisions[19].Tau, Is.EqualTo(1));
    }

    [TestCase(null, 0.2, 14 + 5)]
    [TestCase(null, 0.0, 10)]
    [TestCase(RetrainingSchedule.CyclicRestarting, 0.5, 7 + 5)]
    [TestCase(RetrainingSchedule.FineTuning, 0.5, 10)]
    public void The_warm_up_is_that_of_the_schedule(RetrainingSchedule? schedule, double warmUp, int expected)
    {
        var training = new TrainingOptions { Epochs = 70, WarmupFraction = warmUp, Schedule = schedule };
        var watch = new PolicyHistory(PruningPolicy.EarlyPruningIndicator(), training);
        Assert.That(
            Enumerable.Range(0, 25).Select(epoch => watch.Observe(epoch, [8, 8])).ToList().FindIndex(d => d.Prune),
            Is.EqualTo(expected));
    }

    [TestCase(null, "33% of the run is over (5.00 epochs), and tau is not defined yet")]
    [TestCase(0.9, "33% of the run is over (10.00 epochs), and the indicator 0.4197 is below tau 0.9000")]
    public void Unstable_structure_is_pruned_at_the_deadline_and_reports_it(double? tau, string reason)
    {
        var watch = Watch(PruningPolicy.EarlyPruningIndicator(tau), tau is null ? 15 : 30);
        var decisions =
            Enumerable.Range(0, 30).Select(epoch => watch.Observe(epoch, [epoch % 2 == 0 ? 1 : 60])).ToList();
        Assert.That(decisions.FindIndex(d => d.Prune), Is.EqualTo(tau is null ? 5 : 10));
        Assert.That(decisions.First(d => d.Prune).Reason, Is.EqualTo($"deadline: {reason}"));
    }

    [Test]
    public void A_fall_of_the_indicator_is_the_reason_to_wait()
    {
        var watch = Watch(PruningPolicy.EarlyPruningIndicator(0.5, window: 1, lookBack: 2), 90);
        int[] counts = [8, 8, 8, 6];
        var decisions = counts.Select((count, epoch) => watch.Observe(epoch, [count])).ToList();
        // Psi = 1 - 2/14.
        Assert.That(
            decisions[3].Reason, Is.EqualTo("the indicator fell: 0.8571, after 1.0000 among its last 2 values"));
        Assert.That(decisions[3].Prune, Is.False);
    }

    // Dense runs of 10 epochs, 6 observations per epoch, warm-up 1.5 epochs, deadline 3.33 epochs
    // (docs/decisions/automatic-tau.md).
    [TestCase("resnet20, CIFAR-10, taylor, 0.3", 2.5079)]
    [TestCase("resnet20, CIFAR-10, taylor, 0.5", 2.6667)]
    [TestCase("resnet20, CIFAR-10, taylor, 0.7", 2.5079)]
    [TestCase("resnet20, CIFAR-10, magnitude, 0.3", 2.3333)]
    [TestCase("resnet20, CIFAR-10, magnitude, 0.5", 2.6667)]
    [TestCase("resnet20, CIFAR-10, magnitude, 0.7", 2.3333)]
    [TestCase("resnet8, CIFAR-10, taylor, 0.3", 2.3333)]
    [TestCase("resnet8, CIFAR-10, taylor, 0.5", 2.5079)]
    [TestCase("resnet8, CIFAR-10, taylor, 0.7", 3.5079)]
    [TestCase("resnet8, CIFAR-10, magnitude, 0.3", 2.6667)]
    [TestCase("resnet8, CIFAR-10, magnitude, 0.5", 2.3333)]
    [TestCase("resnet8, CIFAR-10, magnitude, 0.7", 2.3333)]
    [TestCase("resnet8, shapes, taylor, 0.3", 3.3438)]
    [TestCase("resnet8, shapes, taylor, 0.5", 2.3438)]
    [TestCase("resnet8, shapes, taylor, 0.7", 2.6562)]
    [TestCase("resnet8, shapes, magnitude, 0.3", 3.1562)]
    [TestCase("resnet8, shapes, magnitude, 0.5", 2.8438)]
    [TestCase("resnet8, shapes, magnitude, 0.7", 3.3438)]
    public void Recorded_runs_are_pruned_when_documented(string run, double expected)
    {
        var file = Path.Combine(
            TestContext.CurrentContext.TestDirectory, "Pruning", "Policies", "recorded-counts.json");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var record = json.RootElement.GetProperty(run);
        var at = record.GetProperty("at").EnumerateArray().Select(t => t.GetDouble()).ToList();
        var counts = record.GetProperty("counts")
            .EnumerateArray()
            .Select(c => c.EnumerateArray().Select(n => n.GetInt32()).ToArray())
            .ToList();
        var watch = Watch(PruningPolicy.EarlyPruningIndicator(), 10);
        var first = at.Zip(counts).First(seen => watch.Observe(seen.First, seen.Second).Prune).First;
        Assert.That(first, Is.EqualTo(expected));
    }

    [Test]
    public void Early_bird_waits_until_the_newest_of_five_masks_is_near_to_all_others()
    {
        var watch = Watch(PruningPolicy.EarlyBird(), 90);
        string[] masks =
        [
            "11111000000000000000", "00000111110000000000", "11111000000000000000", "11111000000000000000",
            "11111000000000000000", // five masks, and the second is 0.5 away
            "11110100000000000000", // still
            "11111000000000000000", // the last five are 0.1 apart at most
        ];
        var decisions = masks.Select((mask, epoch) => watch.Observe(epoch, [5], Masks.Of(mask))).ToList();
        Assert.That(decisions.FindIndex(d => d.Prune), Is.EqualTo(6));
        Assert.That(decisions[3].Reason, Is.EqualTo("fewer than 5 masks to compare"));
        Assert.That(decisions[4].Reason, Does.Contain("0.5000").And.Contains("above 0.1"));
        Assert.That(decisions[6].Reason, Does.StartWith("settled").And.Contains("0.1000"));
        Assert.That(
            decisions[5].Churn,
            Is.EqualTo(1 - 4 / 6.0).Within(1e-15),
            "logged beside the indicator, which sees no change");
        Assert.That(decisions[5].Psi, Is.EqualTo(1));
    }

    [Test]
    public void Early_bird_has_a_deadline_too()
    {
        var watch = Watch(new EarlyBirdPolicy { Masks = 2, Distance = 0.2, Deadline = 0.5 }, 8);
        var decisions = Enumerable.Range(0, 8)
            .Select(epoch => watch.Observe(epoch, [1], Masks.Of(epoch % 2 == 0 ? "10" : "01")))
            .ToList();
        Assert.That(decisions.FindIndex(d => d.Prune), Is.EqualTo(4));
        Assert.That(
            decisions[4].Reason,
            Does.StartWith("deadline: 50% of the run is over (4.00 epochs), and ").And.Contains("above 0.2"));
    }

    [Test]
    public void A_fixed_epoch_is_that_epoch()
    {
        var watch = Watch(PruningPolicy.AtEpoch(3), 10);
        var seen = Enumerable.Range(1, 4).Select(epoch => watch.Observe(epoch, [1])).ToArray();
        Assert.That(seen.Select(o => o.Prune), Is.EqualTo(new[] { false, false, true, true }));
        Assert.That(seen[1].Reason, Is.EqualTo("waiting until 3 of 10 epochs are done"));
        Assert.That(seen[2].Reason, Is.EqualTo("after 3 of 10 epochs"));
    }

    [Test]
    public void After_training_is_after_the_last_epoch() =>
        Assert.That(
            new[] { 0.0, 9, 10 }.Select(at => Watch(PruningPolicy.AfterTraining, 10).Observe(at, [1]).Prune),
            Is.EqualTo(new[] { false, false, true }));

    [Test]
    public void The_defaults_of_the_factories_are_those_of_the_records()
    {
        Assert.That(PruningPolicy.EarlyPruningIndicator(), Is.EqualTo(new EarlyPruningIndicatorPolicy()));
        Assert.That(PruningPolicy.EarlyBird(), Is.EqualTo(new EarlyBirdPolicy()));
    }

    [TestCase("epi")]
    [TestCase("early-bird")]
    [TestCase("init")]
    [TestCase("epoch:4")]
    [TestCase("after")]
    [TestCase("never")]
    public void A_policy_is_found_by_its_name(string name) =>
        Assert.That(PruningPolicy.ByName(name).Name, Is.EqualTo(name));

    [TestCase("early-brid", "Did you mean early-bird?")]
    [TestCase("epoch:x", "epoch:N. N is a number of dense epochs, such as epoch:3.")]
    [TestCase("epoch:-1", "epoch:N")]
    [TestCase("mine", ". A policy of your own cannot be found by its name: set Pruning.Policy in code")]
    public void A_name_that_no_policy_has_is_refused(string name, string expected) =>
        Assert.That(
            () => PruningPolicy.ByName(name),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains(expected)
                .And.Property("Code").EqualTo(ErrorCodes.PolicyUnknown));

    [Test]
    public void Names_are_those_of_the_command_line() =>
        Assert.That(
            new[]
            {
                PruningPolicy.EarlyPruningIndicator(),
                PruningPolicy.EarlyBird(),
                PruningPolicy.AtInitialization,
                PruningPolicy.AtEpoch(4),
                PruningPolicy.AfterTraining,
                PruningPolicy.Never,
            }.Select(p => p.Name),
            Is.EqualTo(new[] { "epi", "early-bird", "init", "epoch:4", "after", "never" }));

    private static PolicyHistory Watch(PruningPolicy policy, int epochs) => new(policy, new() { Epochs = epochs });
}
