using Microsoft.ML.PaT.Modeling.Zoo;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;

namespace Microsoft.ML.PaT.Tests;

public class ChannelRankingTests
{
    private static readonly ChannelGroups s_groups = ChannelGroups.Of(Networks.ResNet20.Build(new(3, 32, 32), 10));

    [TestCase(0.1)]
    [TestCase(0.3)]
    [TestCase(0.5)]
    [TestCase(0.7)]
    public void Removes_the_ratio_asked_for(double ratio)
    {
        var counts =
            ChannelRanking.Keep(s_groups, RandomScores(3), (1 - ratio) * s_groups.Neurons, step: 1).Counts(s_groups);
        Assert.That(counts.Sum(), Is.EqualTo((1 - ratio) * s_groups.Neurons).Within(4));
    }

    [TestCase(0.5, 8)]
    [TestCase(0.3, 8)]
    [TestCase(0.5, 16)]
    public void Widths_are_multiples_of_the_step_and_the_budget_is_still_met(double ratio, int step)
    {
        var counts =
            ChannelRanking.Keep(s_groups, RandomScores(4), (1 - ratio) * s_groups.Neurons, step).Counts(s_groups);
        Assert.That(counts.Select(c => c % step), Is.All.Zero);
        Assert.That(counts.Sum(), Is.EqualTo((1 - ratio) * s_groups.Neurons).Within(step * 4));
    }

    // A head is 64 channels wide, so single heads may be removed; heads of 4 are removed in pairs.
    [TestCase(192, 3, 8, 1)]
    [TestCase(12, 3, 8, 2)]
    [TestCase(12, 3, 1, 1)]
    [TestCase(12, 3, 12, 3)]
    public void Channels_that_are_several_of_a_layer_go_in_smaller_steps(int width, int heads, int step, int together)
    {
        var groups =
            ChannelGroups.Of(VisionTransformer.Build("vit", new(3, 8, 8), 3, patch: 4, width, depth: 1, heads));
        Assert.That(groups.Groups.Select(g => g.Step(step)), Is.EqualTo(new[] { step, together, step }));
        var random = new Random(1);
        var scores = ChannelScores.Of(
            groups,
            [.. Enumerable.Range(0, groups.Groups.Sum(g => g.Width)).Select(_ => random.NextDouble())],
            ScoreNormalization.None);
        var most = ReachableRange
            .Of(PruningTargetKind.Channels, WidthCost.Of(PruningTargetKind.Channels, groups), [1, 1, 1], step)
            .Most.Ratio;
        var kept = ChannelRanking.Keep(groups, scores, (1 - most) * groups.Neurons, step).Kept;
        Assert.That(kept.Values.Select(k => k.Length), Is.EqualTo(new[] { step, together, step }));
    }

    [Test]
    public void Keeps_the_best_channels_of_each_group()
    {
        var scores = RandomScores(5);
        var plan = ChannelRanking.Keep(s_groups, scores, (1 - 0.5) * s_groups.Neurons, step: 8);
        for (var g = 0; g < s_groups.Groups.Count; g++)
        {
            var group = s_groups.Groups[g];
            var kept = plan.Kept[group.Name];
            var worstKept = kept.Min(c => scores.Values[g][c]);
            Assert.That(
                Enumerable.Range(0, group.Width).Except(kept).Select(c => scores.Values[g][c]),
                Is.All.LessThanOrEqualTo(worstKept));
            Assert.That(kept, Is.Ordered.And.Not.Empty);
        }
    }

    [Test]
    public void Ranks_all_groups_together_at_step_one()
    {
        // Group 0 has far higher scores than all others, so it must not be pruned while others have channels to remove.
        var flat = s_groups.Groups.SelectMany(
                (group, g) => Enumerable.Range(0, group.Width).Select(c => g == 0 ? 100.0 + c : 1 + c * 0.001))
            .ToArray();
        var plan = ChannelRanking.Keep(
            s_groups, ChannelScores.Of(s_groups, flat, ScoreNormalization.None), (1 - 0.5) * s_groups.Neurons, step: 1);
        Assert.That(plan.Kept[s_groups.Groups[0].Name], Has.Length.EqualTo(16));
    }

    [Test]
    public void Dividing_by_the_group_mean_makes_groups_comparable()
    {
        var flat = s_groups.Groups.SelectMany(
                (group, g) => Enumerable.Range(0, group.Width).Select(c => (g == 0 ? 1000.0 : 1) * (1 + c % 4)))
            .ToArray();
        var scores = ChannelScores.Of(s_groups, flat, ScoreNormalization.GroupMean);
        Assert.That(scores.Values.Select(v => v.Average()), Is.All.EqualTo(1).Within(1e-12));
    }

    [TestCase(ScoreNormalization.None)]
    [TestCase(ScoreNormalization.GroupMean)]
    [TestCase(ScoreNormalization.GroupNorm)]
    public void Masked_channels_score_below_all_others_whatever_their_groups_scores(ScoreNormalization normalization)
    {
        var random = new Random(3);
        double[] flat =
        [
            .. s_groups.Groups.SelectMany((group, g) =>
                Enumerable.Range(0, group.Width).Select(_ => Math.Pow(10, g % 3) * random.NextDouble())),
        ];
        var maskedIn = Array.ConvertAll(flat, _ => random.Next(3));
        var first = 0;
        foreach (var group in s_groups.Groups)
        {
            maskedIn[first] = 0;
            first += group.Width;
        }
        var scores = ChannelScores.Of(s_groups, flat, normalization, masks: new(maskedIn, rounds: 3)).Values
            .SelectMany(v => v)
            .Zip(maskedIn)
            .ToLookup(s => s.Second, s => s.First);
        Assert.That(scores[0].Min(), Is.GreaterThan(scores[2].Max()), "masked last");
        Assert.That(scores[2].Min(), Is.GreaterThan(scores[1].Max()), "masked first");
    }

    [Test]
    public void No_group_is_emptied_even_when_all_its_scores_are_zero()
    {
        var flat =
            s_groups.Groups.SelectMany((group, g) => Enumerable.Repeat(g == 2 ? 0.0 : 1.0, group.Width)).ToArray();
        var plan = ChannelRanking.Keep(
            s_groups, ChannelScores.Of(s_groups, flat, ScoreNormalization.None), (1 - 0.7) * s_groups.Neurons, step: 1);
        Assert.That(plan.Kept[s_groups.Groups[2].Name], Has.Length.EqualTo(1));
    }

    [Test]
    public void A_score_that_is_no_number_counts_as_nothing()
    {
        var flat = s_groups
            .Groups.SelectMany(group => Enumerable.Range(0, group.Width).Select(c => c == 0 ? double.NaN : 1.0))
            .ToArray();
        Assert.That(ChannelScores.Of(s_groups, flat, ScoreNormalization.None).Values[0][0], Is.Zero);
    }

    private static ChannelScores RandomScores(int seed)
    {
        var random = new Random(seed);
        var flat = Enumerable.Range(0, s_groups.Groups.Sum(g => g.Width)).Select(_ => random.NextDouble()).ToArray();
        return ChannelScores.Of(s_groups, flat, ScoreNormalization.GroupMean);
    }
}
