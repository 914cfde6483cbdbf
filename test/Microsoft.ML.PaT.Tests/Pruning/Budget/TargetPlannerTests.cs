using System.Diagnostics;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;

namespace Microsoft.ML.PaT.Tests;

public class TargetPlannerTests
{
    private static readonly NetworkDefinition s_resnet = Networks.ResNet20.Build(new(3, 32, 32), 10);
    private static readonly ChannelGroups s_groups = ChannelGroups.Of(s_resnet);

    private static IEnumerable<PruningTarget> Halves =>
        [PruningTarget.Channels(0.5), PruningTarget.Macs(0.5), PruningTarget.Parameters(0.5)];

    [TestCase(0.5, "50% of the channels")]
    [TestCase(0.07, "7% of the channels")]
    [TestCase(0.999999, "99.9999% of the channels")]
    public void A_target_is_written_without_rounding(double ratio, string text) =>
        Assert.That(PruningTarget.Channels(ratio).ToString(), Is.EqualTo(text));

    [Test]
    public void A_budget_that_fits_is_met_exactly()
    {
        // Every block's first convolution of a stage costs the same: with equal scores elsewhere, cutting the worst
        // four channels of one is a closed form.
        var builder = new NetworkBuilder("tiny", new(3, 8, 8));
        var one = builder.Convolution("one", NetworkDefinition.InputName, 8, kernel: 3);
        builder.Linear("fc", builder.GlobalAveragePool("pool", one), 3);
        var groups = ChannelGroups.Of(builder.Build());
        var scores = ChannelScores.Of(groups, [5, 1, 7, 2, 8, 3, 6, 4], ScoreNormalization.None);
        foreach (var kind in new[] { PruningTargetKind.Channels, PruningTargetKind.Macs, PruningTargetKind.Parameters })
        {
            var cost = WidthCost.Of(kind, groups);
            var meter = cost.Start();
            meter.Remove(0, [1, 3, 5, 7]);
            Assert.That(
                ChannelRanking.Keep(cost, scores, meter.Value, step: 1).Kept["one"],
                Is.EqualTo(new[] { 0, 2, 4, 6 }),
                kind.ToString());
            Assert.That(
                ChannelRanking.Keep(cost, scores, meter.Value - 1, step: 1).Kept["one"],
                Is.EqualTo(new[] { 2, 4, 6 }),
                kind.ToString());
        }
    }

    [Test]
    public void At_least_the_target_goes_and_less_than_a_chunk_more(
        [ValueSource(nameof(Halves))] PruningTarget target, [Values(1, 8)] int step)
    {
        var options = new PruningOptions { Target = target };
        var scores = Scores(s_groups, 3);
        var plan = new TargetPlanner(options.Budget, s_groups, step).Plan(s_groups, scores);
        var (full, left) =
            (Counted(target.Kind, s_resnet), Counted(target.Kind, new ChannelPruner(s_groups, plan).Definition));
        Assert.That(left, Is.LessThanOrEqualTo(full / 2 * (1 + 1e-9)));
        // Any group's worst step put back must be too much for the last one removed; no group's step is larger than
        // this.
        var largest = s_groups.Groups.Max(g =>
            full - Counted(target.Kind, new ChannelPruner(s_groups, Without(g, step)).Definition));
        Assert.That(left, Is.GreaterThan(full / 2 - largest));
        Assert.That(plan.Counts(s_groups).Select(c => c % step), Is.All.Zero);
    }

    [Test]
    public void The_way_to_the_target_is_exponential_in_what_the_target_counts(
        [ValueSource(nameof(Halves))] PruningTarget target)
    {
        var planner = new TargetPlanner(new() { Target = target }, s_groups, step: 8);
        var scores = Scores(s_groups, 3);
        var full = Counted(target.Kind, s_resnet);
        foreach (var part in new[] { 0.25, 0.5, 1 })
        {
            var left =
                Counted(target.Kind, new ChannelPruner(s_groups, planner.Towards(s_groups, scores, part)).Definition);
            Assert.That(
                left / full,
                Is.LessThanOrEqualTo(Math.Pow(0.5, part) * (1 + 1e-9)).And.GreaterThan(Math.Pow(0.5, part) - 0.02),
                $"{part}");
        }
    }

    [Test]
    public void Widths_keep_the_best_channels_of_the_layers_that_are_named_and_all_of_the_others()
    {
        var options = new PruningOptions
        {
            Widths = new Dictionary<string, int> { ["layer1.0.conv1"] = 3, ["layer3.2.conv1"] = 64 },
        };
        var scores = Scores(s_groups, 3);
        var planner = new TargetPlanner(options.Budget, s_groups, step: 8);
        planner.RequireReachable("resnet20-cifar");
        var plan = planner.Plan(s_groups, scores);
        var named = s_groups.Groups.ToList().FindIndex(g => g.Name == "layer1.0.conv1");
        var best = Enumerable.Range(0, 16).OrderByDescending(c => scores.Values[named][c]).Take(3).Order();
        Assert.That(plan.Kept["layer1.0.conv1"], Is.EqualTo(best));
        Assert.That(
            s_groups.Groups.Where(g => g.Name != "layer1.0.conv1").All(g => plan.Kept[g.Name].Length == g.Width),
            Is.True);
        Assert.That(
            () =>
                new TargetPlanner(
                    (options with { Widths = new Dictionary<string, int> { ["layer1.0.conv1"] = 17 } }).Budget,
                    s_groups,
                    step: 8),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("layer1.0.conv1"));
    }

    [Test]
    public void A_larger_ratio_removes_the_same_channels_and_more([Range(1, 60)] int seed)
    {
        var groups = ChannelGroups.Of(RandomNetwork.Build(seed));
        var scores = Scores(groups, seed);
        foreach (var kind in new[] { PruningTargetKind.Channels, PruningTargetKind.Macs, PruningTargetKind.Parameters })
        {
            var cost = WidthCost.Of(kind, groups);
            PruningPlan? before = null;
            foreach (var ratio in new[] { 0.1, 0.3, 0.5, 0.8 })
            {
                var plan = ChannelRanking.Keep(cost, scores, (1 - ratio) * cost.Full, step: 1 + seed % 3);
                if (before is not null)
                    Assert.That(plan.Kept.All(k => !k.Value.Except(before.Kept[k.Key]).Any()), $"{kind} {ratio}");
                before = plan;
            }
        }
    }

    [Test]
    public void Random_networks_meet_their_target_within_one_chunk_and_keep_their_limits([Range(1, 60)] int seed)
    {
        var network = RandomNetwork.Build(seed);
        var groups = ChannelGroups.Of(network);
        if (groups.Groups.Count == 0) return;
        var excluded = groups.Groups[seed % groups.Groups.Count];
        var options = new PruningOptions
        {
            Target = new[] { PruningTarget.Channels(0.4), PruningTarget.Macs(0.4), PruningTarget.Parameters(0.4) }[
                seed % 3
            ],
            Limits = new() { Exclude = [excluded.Layers[0]], MinChannels = 1 + seed % 3, MaxRatio = 0.75 },
        };
        var step = 1 + seed % 2;
        var planner = new TargetPlanner(options.Budget, groups, step);
        var plan = planner.Plan(groups, Scores(groups, seed));
        foreach (var group in groups.Groups)
        {
            var kept = plan.Kept[group.Name].Length;
            Assert.That(kept, Is.GreaterThanOrEqualTo(Math.Min(group.Width, options.Limits.MinChannels)));
            Assert.That(kept, Is.GreaterThanOrEqualTo(0.25 * group.Width));
            if (group.Layers.Contains(excluded.Layers[0])) Assert.That(kept, Is.EqualTo(group.Width), "excluded");
        }
        var left = Counted(options.Target.Kind, new ChannelPruner(groups, plan).Definition);
        var full = Counted(options.Target.Kind, network);
        if (planner.Range.Most.Ratio > 0.5) Assert.That(left, Is.LessThanOrEqualTo(0.6 * full * (1 + 1e-9)));
    }

    [Test]
    public void Limits_count_from_the_first_network_however_often_it_is_cut()
    {
        var options = new PruningOptions
        {
            Target = PruningTarget.Channels(0.7),
            Limits = new() { MaxRatio = 0.75 },
            IterativeSteps = 3,
            Schedule = PruningSchedule.Linear,
        };
        var planner = new TargetPlanner(options.Budget, s_groups, step: 1);
        var groups = s_groups;
        for (var k = 1; k <= 3; k++)
        {
            var plan = planner.Plan(groups, Scores(groups, k), k == 3 ? null : k / 3.0);
            groups = ChannelGroups.Of(new ChannelPruner(groups, plan).Definition);
        }
        Assert.That(
            groups.Groups.Zip(s_groups.Groups, (after, before) => after.Width / (double)before.Width),
            Is.All.GreaterThanOrEqualTo(0.25));
        Assert.That(groups.Neurons, Is.EqualTo(0.3 * s_groups.Neurons).Within(4));
    }

    [TestCase("layer1.*", "layer1.0.conv1", true)]
    [TestCase("layer?.0.conv1", "layer2.0.conv1", true)]
    [TestCase("layer1", "layer1.0.conv1", false)]
    [TestCase("*conv2", "conv1", true)]
    public void Patterns_exclude_layers_and_what_is_coupled_with_them(string pattern, string group, bool stays)
    {
        var limits = new PruningLimits { Exclude = [pattern, "conv1"] };
        if (!stays)
        {
            Assert.That(
                () => limits.Floors(s_groups),
                Throws.TypeOf<InvalidOptionsException>()
                    .With.Message.Contains($"'{pattern}'")
                    .And.Message.Contains(group));
            return;
        }
        var index = s_groups.Groups.ToList().FindIndex(g => g.Name == group);
        Assert.That(limits.Floors(s_groups)[index], Is.EqualTo(s_groups.Groups[index].Width));
    }

    [Test]
    public void What_cannot_be_reached_is_refused_with_the_range([ValueSource(nameof(Halves))] PruningTarget target)
    {
        var options = new PruningOptions { Target = target, Limits = new() { Exclude = ["*"] } };
        Assert.That(
            () => new TargetPlanner(options.Budget, s_groups, 8).RequireReachable("net"),
            Throws.TypeOf<UnreachableTargetException>()
                .With.Message.Contains("'net'")
                .And.Message.Contains("most")
                .And.Message.Contains("0.0 %")
                .And.Message.Not.Contains("\n"));
    }

    [Test]
    public void The_range_says_what_can_be_reached()
    {
        // In steps of 8 every group keeps 8 of 16, 32 or 64: 168 of 784 neurons; half of the steps go at the half.
        var range = new TargetPlanner(new(), s_groups, 8).Range;
        Assert.That(range.Most.Ratio, Is.EqualTo(1 - 168 / 784.0).Within(1e-12));
        Assert.That(range.Most.Channels, Is.EqualTo(168));
        Assert.That(range.Least.Ratio, Is.EqualTo(8 / 784.0).Within(1e-12));
        Assert.That(range.Half.Ratio, Is.InRange(range.Least.Ratio, range.Most.Ratio));
        var eight = new ChannelPruner(
            s_groups, new(s_groups.Groups.ToDictionary(g => g.Name, _ => Enumerable.Range(0, 8).ToArray()))).Definition;
        Assert.That(
            (range.Most.Parameters, range.Most.Macs),
            Is.EqualTo((NetworkCost.Of(eight).Parameters, NetworkCost.Of(eight).Macs)));
    }

    [Test]
    public void A_group_of_several_channels_each_goes_in_steps_of_width()
    {
        // 32 channels of a grouped convolution make a channel: no more of them are needed for a width in steps of 8.
        var groups = ChannelGroups.Of(Networks.ByName("resnext50_32x4d").Build(new(3, 64, 64), 10));
        var plan =
            new TargetPlanner(new() { Target = PruningTarget.Macs(0.4) }, groups, 8).Plan(groups, Scores(groups, 2));
        var compact = new ChannelPruner(groups, plan).Definition;
        Assert.That(groups.PrunableLayers.Select(c => compact.OutputShape(c).Channels % 8), Is.All.Zero);
        Assert.That(
            groups.Groups.Where(g => g.Multiplicity >= 32).Select(g => plan.Kept[g.Name].Length % 8),
            Has.Some.Not.Zero);
    }

    [Test]
    public void Watching_a_large_network_takes_milliseconds()
    {
        var groups = ChannelGroups.Of(Networks.ByName("resnet50").Build(new(3, 224, 224), 1000));
        var planner = new TargetPlanner(new() { Target = PruningTarget.Macs(0.5) }, groups, 8);
        var scores = Scores(groups, 1);
        planner.Watch(groups, scores);
        var best = Enumerable.Range(0, 5).Min(_ =>
        {
            var clock = Stopwatch.StartNew();
            planner.Watch(groups, scores);
            return clock.Elapsed.TotalMilliseconds;
        });
        TestContext.Out.WriteLine($"{best:F1} ms");
        // 50 ms is the goal on a quiet machine (benchmarks); here only that it is not a search of seconds.
        Assert.That(best, Is.LessThan(500));
    }

    private static double Counted(PruningTargetKind kind, NetworkDefinition network) => kind switch
    {
        PruningTargetKind.Channels => ChannelGroups.Of(network).Neurons,
        PruningTargetKind.Macs => NetworkCost.Of(network).Macs,
        _ => NetworkCost.Of(network).Parameters,
    };

    private static PruningPlan Without(ChannelGroup one, int step) =>
        new(
            s_groups.Groups.ToDictionary(
                g => g.Name, g => Enumerable.Range(0, g.Width - (g.Name == one.Name ? step : 0)).ToArray()));

    private static ChannelScores Scores(ChannelGroups groups, int seed)
    {
        var random = new Random(seed);
        return ChannelScores.Of(
            groups,
            [.. Enumerable.Range(0, groups.Groups.Sum(g => g.Width)).Select(_ => random.NextDouble())],
            ScoreNormalization.GroupMean);
    }
}
