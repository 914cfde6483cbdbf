using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;

namespace Microsoft.ML.PaT.Tests;

public class IterativePruningTests
{
    private static readonly ChannelGroups s_groups = ChannelGroups.Of(Networks.ResNet20.Build(new(3, 32, 32), 10));

    [Test]
    public void Keeps_the_ratio_of_the_exponential_schedule_after_each_step()
    {
        var pruning = Pruning(
            new() { IterativeSteps = 5, Target = PruningTarget.Channels(0.6) },
            start: 100,
            stepsPerEpoch: 50,
            round: 1);
        for (var k = 1; k <= 5; k++)
        {
            Assert.That(pruning.NextStep, Is.EqualTo(100 + (k - 1) * 10));
            var plan = pruning.Plan(Scores(), s_groups, pruning.NextStep!.Value)!;
            // K_k = exp((k/T) ln((1 - ratio) K_0) + (1 - k/T) ln K_0)
            var expected =
                Math.Exp(k / 5.0 * Math.Log(0.4 * s_groups.Neurons) + (1 - k / 5.0) * Math.Log(s_groups.Neurons));
            Assert.That(plan.Counts(s_groups).Sum(), Is.EqualTo(expected).Within(4));
        }
        Assert.That(pruning.NextStep, Is.Null);
    }

    [TestCase(PruningSchedule.Exponential, 0.75, 0.5)]
    [TestCase(PruningSchedule.Linear, 0.64, 0.68)]
    [TestCase(PruningSchedule.Cubic, 0.5, 0.5625)]
    public void Schedules_are_their_formulas(PruningSchedule schedule, double ratio, double half)
    {
        Assert.That(schedule.Kept(ratio, 0), Is.EqualTo(1).Within(1e-12));
        Assert.That(schedule.Kept(ratio, 0.5), Is.EqualTo(half).Within(1e-12));
        Assert.That(schedule.Kept(ratio, 1), Is.EqualTo(1 - ratio).Within(1e-12));
    }

    [Test]
    public void Cuts_are_spread_over_as_many_epochs_as_asked_for_and_end_before_the_run()
    {
        var pruning = Pruning(
            new() { IterativeSteps = 3, IterativeEpochs = 6 }, start: 100, stepsPerEpoch: 50, round: 1);
        pruning.Plan(Scores(), s_groups, 100);
        Assert.That(pruning.NextStep, Is.EqualTo(200), "two epochs later");
        var late = Pruning(new() { IterativeSteps = 4, IterativeEpochs = 6 }, start: 960, stepsPerEpoch: 50, round: 1);
        late.Plan(Scores(), s_groups, 960);
        Assert.That(late.NextStep, Is.EqualTo(970), "of the 40 steps that are left");
    }

    [Test]
    public void Cuts_that_fall_on_one_step_are_made_as_one()
    {
        var pruning = Pruning(new() { IterativeSteps = 10 }, start: 0, stepsPerEpoch: 2, round: 1);
        pruning.Plan(Scores(), s_groups, 0);
        Assert.That(pruning.NextStep, Is.EqualTo(1));
        Assert.That(
            pruning.Plan(Scores(), s_groups, 1)!.Counts(s_groups).Sum(), Is.EqualTo(s_groups.Neurons / 2.0).Within(4));
        Assert.That(pruning.NextStep, Is.Null);
    }

    [Test]
    public void A_step_that_would_remove_nothing_is_skipped()
    {
        var pruning = Pruning(
            new() { IterativeSteps = 100, Target = PruningTarget.Channels(0.1) },
            start: 0,
            stepsPerEpoch: 200,
            round: 16);
        Assert.That(pruning.Plan(Scores(), s_groups, 0), Is.Null);
        Assert.That(pruning.NextStep, Is.EqualTo(2));
    }

    private static IterativePruning Pruning(PruningOptions options, long start, int stepsPerEpoch, int round) =>
        new(
            options.Budget,
            new TargetPlanner(options.Budget, s_groups, round),
            new(start, Done: 0),
            stepsPerEpoch,
            steps: 1000);

    private static ChannelScores Scores()
    {
        var random = new Random(1);
        return ChannelScores.Of(
            s_groups,
            [.. Enumerable.Range(0, s_groups.Groups.Sum(g => g.Width)).Select(_ => random.NextDouble())],
            ScoreNormalization.GroupMean);
    }
}
