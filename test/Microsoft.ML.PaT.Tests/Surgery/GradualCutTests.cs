namespace Microsoft.ML.PaT.Tests;

public class GradualCutTests
{
    private static readonly ChannelGroups s_groups = ChannelGroups.Of(Networks.ResNet20.Build(new(3, 32, 32), 10));

    [Test]
    public void Keeps_the_share_of_the_exponential_schedule_after_each_cut()
    {
        var cut = new GradualCut(new() { Cuts = 5, RoundTo = 1, Target = PruningTarget.Channels(0.6) }, s_groups.Neurons, new(100, Done: 0), stepsPerEpoch: 50);
        for (var k = 1; k <= 5; k++)
        {
            Assert.That(cut.NextStep, Is.EqualTo(100 + (k - 1) * 10));
            var plan = cut.Plan(Scores(), s_groups, cut.NextStep!.Value)!;
            // K_k = exp((k/T) ln((1 - share) K_0) + (1 - k/T) ln K_0)
            var expected = Math.Exp(k / 5.0 * Math.Log(0.4 * s_groups.Neurons) + (1 - k / 5.0) * Math.Log(s_groups.Neurons));
            Assert.That(plan.Counts(s_groups).Sum(), Is.EqualTo(expected).Within(4));
        }
        Assert.That(cut.NextStep, Is.Null);
    }

    [Test]
    public void Cuts_that_fall_on_one_step_are_made_as_one()
    {
        var cut = new GradualCut(new() { Cuts = 10, RoundTo = 1 }, s_groups.Neurons, new(0, Done: 0), stepsPerEpoch: 2);
        cut.Plan(Scores(), s_groups, 0);
        Assert.That(cut.NextStep, Is.EqualTo(1));
        Assert.That(cut.Plan(Scores(), s_groups, 1)!.Counts(s_groups).Sum(), Is.EqualTo(s_groups.Neurons / 2.0).Within(2));
        Assert.That(cut.NextStep, Is.Null);
    }

    [Test]
    public void A_cut_that_would_remove_nothing_is_none()
    {
        var cut = new GradualCut(new() { Cuts = 100, RoundTo = 16, Target = PruningTarget.Channels(0.1) }, s_groups.Neurons, new(0, Done: 0), stepsPerEpoch: 200);
        Assert.That(cut.Plan(Scores(), s_groups, 0), Is.Null);
        Assert.That(cut.NextStep, Is.EqualTo(2));
    }

    private static ChannelScores Scores()
    {
        var random = new Random(1);
        return ChannelScores.Of(s_groups, [.. Enumerable.Range(0, s_groups.Groups.Sum(g => g.Width)).Select(_ => random.NextDouble())], ScoreNormalization.GroupMean);
    }
}
