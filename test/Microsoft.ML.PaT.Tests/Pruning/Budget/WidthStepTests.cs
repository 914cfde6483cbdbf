using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;

namespace Microsoft.ML.PaT.Tests;

public class WidthStepTests
{
    [TestCase("resnet20", 2)]
    [TestCase("resnet18", 8)]
    [TestCase("vgg16-bn-cifar", 8)]
    [TestCase("mobilenet_v1_x0_25", 4)]
    [TestCase("mobilenet_v2", 4)]
    [TestCase("resnext50_32x4d", 1)] // grouped, not depthwise: 32 groups of 4 channels
    [TestCase("densenet40-cifar", 1)]
    public void Default_follows_from_the_network(string network, int step) =>
        Assert.That(WidthStep.DefaultFor(Groups(network)), Is.EqualTo(step));

    /// <summary>The default step must not make a plan uniform.</summary>
    [Test]
    public void Plan_at_the_default_step_follows_the_ranking_of_single_channels(
        [Values(0.3, 0.5, 0.7)] double ratio,
        [Values(1.0, 2.0)] double exponent, // of scores that grow like magnitudes, and like squared gradients
        [Values] ScoreNormalization normalization)
    {
        var groups = Groups("resnet20");
        var scores = ChannelScores.Of(groups, Scores(groups, exponent), normalization);
        var budget = new BudgetSettings { Target = PruningTarget.Channels(ratio) };
        var step = WidthStep.DefaultFor(groups);
        var (free, stepped) = (Widths(1), Widths(step));
        foreach (var group in groups.Groups)
        {
            Assert.That(stepped[group.Name] % step, Is.Zero, group.Name);
            // A group may use what the rounding of others leaves of the budget.
            Assert.That(Math.Abs(stepped[group.Name] - free[group.Name]), Is.LessThanOrEqualTo(2 * step), group.Name);
        }
        Assert.That(Spread(free), Is.GreaterThan(0.05), "the ranking of single channels is not uniform");
        Assert.That(Spread(stepped), Is.GreaterThan(0.8 * Spread(free)));

        Dictionary<string, int> Widths(int step) =>
            new TargetPlanner(budget, groups, step)
                .Plan(groups, scores)
                .Kept.ToDictionary(k => k.Key, k => k.Value.Length);

        // Standard deviation of the fraction that each group keeps.
        double Spread(Dictionary<string, int> widths)
        {
            var kept = groups.Groups.Select(g => (double)widths[g.Name] / g.Width).ToList();
            return Math.Sqrt(kept.Average(k => Math.Pow(k - kept.Average(), 2)));
        }
    }

    private static ChannelGroups Groups(string network) =>
        ChannelGroups.Of(Networks.ByName(network).Build(new(3, 32, 32), 10));

    /// <summary>
    /// The distribution of importance differs between groups, so that rankings differ with any normalization.
    /// </summary>
    private static double[] Scores(ChannelGroups groups, double exponent)
    {
        var random = new Random(7);
        return
        [
            .. groups.Groups.SelectMany(
                (group, g) =>
                    Enumerable.Range(0, group.Width)
                        .Select(_ => Math.Pow(Math.Exp((0.2 + 0.3 * (g % 4)) * random.NextDouble() * 4), exponent))),
        ];
    }
}
