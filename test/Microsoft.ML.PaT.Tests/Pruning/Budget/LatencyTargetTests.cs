using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class LatencyTargetTests
{
    private static readonly ChannelGroups s_groups = ChannelGroups.Of(Networks.ResNet20.Build(new(3, 32, 32), 10));

    [Test]
    public void Layer_table_filled_with_MACs_predicts_the_exact_MACs()
    {
        // MACs are bilinear in the widths, as is the table between its nodes.
        var table = Table(4);
        var (latency, macs) = (WidthCost.Of(table, s_groups), WidthCost.Of(PruningTargetKind.Macs, s_groups));
        Assert.That(latency.Full, Is.EqualTo(macs.Full).Within(1e-9).Percent);
        var plan = TinyNetworks.RandomPlan(s_groups, 4);
        var (one, other) = (latency.Start(), macs.Start());
        for (var g = 0; g < s_groups.Groups.Count; g++)
        {
            int[] gone =
            [
                .. Enumerable
                    .Range(0, s_groups.Groups[g].Width)
                    .Except(plan.Kept[s_groups.Groups[g].Name])
                    .Take(s_groups.Groups[g].Width * 3 / 4),
            ];
            Assert.That(one.Saving(g, gone), Is.EqualTo(other.Saving(g, gone)).Within(1e-6).Percent);
            one.Remove(g, gone);
            other.Remove(g, gone);
        }
        Assert.That(one.Value, Is.EqualTo(other.Value).Within(1e-6).Percent);
    }

    [Test]
    public void The_table_serves_a_network_that_has_been_cut()
    {
        var table = Table(4);
        var cut = new ChannelPruner(s_groups, TinyNetworks.RandomPlan(s_groups, 0.3, 2)).Definition;
        Assert.That(
            WidthCost.Of(table, ChannelGroups.Of(cut)).Full,
            Is.EqualTo((double)NetworkCost.Of(cut).Macs).Within(1e-6).Percent);
    }

    [Test]
    public void A_wider_layer_never_counts_as_faster_whatever_was_measured()
    {
        var random = new Random(3);
        var grid = new LatencyGrid([[4, 8, 12, 16], [8, 16, 24, 32]], _ => random.NextDouble());
        for (var i = 1; i < 16; i++)
        {
            for (var o = 1; o < 32; o++)
            {
                Assert.That(grid.At([i + 1, o]), Is.GreaterThanOrEqualTo(grid.At([i, o]) - 1e-12));
                Assert.That(grid.At([i, o + 1]), Is.GreaterThanOrEqualTo(grid.At([i, o]) - 1e-12));
                Assert.That(grid.At([i, o]), Is.GreaterThan(0));
            }
        }
    }

    [Test]
    public void Removed_channels_are_the_best_choice_within_one_chunk([Range(1, 20)] int seed)
    {
        // Three groups of six channels with different costs: all 6^3 choices are tried.
        var random = new Random(seed);
        var builder = new NetworkBuilder("three", new(3, 8, 8));
        var branches = Enumerable.Range(0, 3)
            .Select(i => builder.Convolution($"c{i}", NetworkDefinition.InputName, 6, kernel: 1))
            .ToArray();
        builder.Linear("fc", builder.GlobalAveragePool("pool", builder.Concatenate("all", branches)), 3);
        var groups = ChannelGroups.Of(builder.Build());
        var prices = Enumerable.Range(0, 3).ToDictionary(i => $"c{i}", _ => 0.2 + random.NextDouble());
        var table = new LatencyTable(groups, groups.Definition.Layers, 1, (layer, _) =>
            layer is ConvolutionLayer c && prices.TryGetValue(c.Name, out var price) ? price * c.Out : 0);
        var scores = ChannelScores.Of(
            groups, [.. Enumerable.Range(0, 18).Select(_ => random.NextDouble())], ScoreNormalization.None);
        var cost = WidthCost.Of(table, groups);
        var budget = cost.Full * (0.35 + 0.5 * random.NextDouble());
        var plan = ChannelRanking.KeepByPrice(cost, scores, budget, step: 1);

        var best = 0.0;
        var sorted = scores.Values.Select(v => v.OrderDescending().ToArray()).ToArray();
        for (var n = 0; n < 216; n++)
        {
            int[] kept = [1 + n % 6, 1 + n / 6 % 6, 1 + n / 36];
            if (kept.Select((k, g) => k * prices[$"c{g}"]).Sum() <= budget + 1e-9)
                best = Math.Max(best, kept.Select((k, g) => sorted[g].Take(k).Sum()).Sum());
        }
        var found = groups.Groups.Select((group, g) => plan.Kept[group.Name].Sum(c => scores.Values[g][c])).Sum();
        Assert.That(
            groups.Groups.Sum(g => plan.Kept[g.Name].Length * prices[g.Name]), Is.LessThanOrEqualTo(budget + 1e-9));
        Assert.That(found, Is.InRange(best - scores.Values.Max(v => v.Max()), best + 1e-9));
    }

    [Test]
    public void A_ranking_per_layer_removes_the_same_fraction_whatever_the_layers_cost()
    {
        var builder = new NetworkBuilder("two", new(3, 8, 8));
        var (cheap, costly) = (
            builder.Convolution("cheap", NetworkDefinition.InputName, 16, kernel: 1),
            builder.Convolution("costly", NetworkDefinition.InputName, 16, kernel: 1));
        builder.Linear("fc", builder.GlobalAveragePool("pool", builder.Concatenate("all", [cheap, costly])), 3);
        var groups = ChannelGroups.Of(builder.Build());
        var table = new LatencyTable(groups, groups.Definition.Layers, 1, (layer, _) =>
            layer is ConvolutionLayer c ? c.Out * (c.Name == "costly" ? 1 : 0.1) : 0);
        var settings = new BudgetSettings { Target = PruningTarget.Latency(0.5), Ranking = RankingScope.PerLayer };
        var scores = ChannelScores.Of(
            groups, [.. Enumerable.Range(0, 32).Select(i => (double)i)], ScoreNormalization.None,
            RankingScope.PerLayer);
        var plan = new TargetPlanner(settings, groups, step: 1, () => table).Plan(groups, scores);
        Assert.That((plan.Kept["cheap"].Length, plan.Kept["costly"].Length), Is.EqualTo((8, 8)));
    }

    [Test]
    public void Channels_with_negative_scores_that_save_nothing_are_removed_last()
    {
        var builder = new NetworkBuilder("two", new(3, 8, 8));
        var (free, costly) = (
            builder.Convolution("free", NetworkDefinition.InputName, 6, kernel: 1),
            builder.Convolution("costly", NetworkDefinition.InputName, 6, kernel: 1));
        builder.Linear("fc", builder.GlobalAveragePool("pool", builder.Concatenate("all", [free, costly])), 3);
        var groups = ChannelGroups.Of(builder.Build());
        var table = new LatencyTable(groups, groups.Definition.Layers, 1, (layer, _) =>
            layer is ConvolutionLayer { Name: "costly" } c ? c.Out : 0);
        double[] flat = [.. groups.Groups.SelectMany(g => Enumerable.Repeat(g.Name == "free" ? -1.0 : -0.5, 6))];
        var cost = WidthCost.Of(table, groups);
        var scores = ChannelScores.Of(groups, flat, ScoreNormalization.None);
        var plan = ChannelRanking.KeepByPrice(cost, scores, 0.5 * cost.Full, step: 1);
        Assert.That((plan.Kept["free"].Length, plan.Kept["costly"].Length), Is.EqualTo((6, 3)));
    }

    [Test]
    public void Norms_that_scoring_folds_are_not_timed()
    {
        var timed = new ScoringLayerTimer(torch.CPU, 1, channelsLast: true).Layers(s_groups.Definition).ToList();
        Assert.That(s_groups.Definition.Layers, Has.Some.TypeOf<BatchNormLayer>());
        Assert.That(timed, Has.None.TypeOf<BatchNormLayer>());
        Assert.That(timed.OfType<ConvolutionLayer>(), Has.All.Property("Bias").True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void What_a_fused_norm_computes_is_not_timed_in_training(bool fused)
    {
        var timer = new TrainingLayerTimer(torch.CPU, 8, channelsLast: true, fused, Precision.Float32);
        var timed = timer.Layers(s_groups.Definition).ToList();
        Assert.That(timed, Has.Some.TypeOf<BatchNormLayer>());
        Assert.That(
            timed.Any(layer => layer is ActivationLayer or AddLayer), Is.Not.EqualTo(fused));
    }

    [Test]
    public void Latency_plan_meets_its_ratio_and_unreachable_ratio_is_refused()
    {
        var options = new PruningOptions { Target = PruningTarget.Latency(0.5) };
        var planner = new TargetPlanner(options.Budget, s_groups, 8, () => Table(8));
        var scores = RandomScores();
        var plan = planner.Plan(s_groups, scores);
        var compact = ChannelGroups.Of(new ChannelPruner(s_groups, plan).Definition);
        Assert.That(plan.Counts(s_groups).Select(c => c % 8), Is.All.Zero);
        Assert.That(planner.PredictedTime(compact), Is.InRange(0.42, 0.5));
        Assert.That(planner.Watch(s_groups, scores).Kept, Is.EquivalentTo(plan.Kept));
        Assert.That(
            () => new TargetPlanner(
                options.Budget with { Target = PruningTarget.Latency(0.99) }, s_groups, 8, () => Table(8))
                .RequireReachable("net"),
            Throws.TypeOf<UnreachableTargetException>().With.Message.Contains("latency"));
    }

    [Test]
    public void The_exponent_turns_the_sum_of_the_layers_into_the_time_of_the_network()
    {
        var scores = RandomScores();
        var (plain, corrected) = (Planner(0.75, exponent: 1), Planner(0.5, exponent: 0.5));
        // Half of the time is a quarter of the sum.
        var plan = corrected.Plan(s_groups, scores);
        Assert.That(plan.Kept, Is.EquivalentTo(plain.Plan(s_groups, scores).Kept));
        var compact = ChannelGroups.Of(new ChannelPruner(s_groups, plan).Definition);
        Assert.That(
            corrected.PredictedTime(compact), Is.EqualTo(Math.Sqrt(plain.PredictedTime(compact)!.Value)).Within(1e-12));
        Assert.That(
            1 - corrected.Range.Most.Ratio, Is.EqualTo(Math.Sqrt(1 - plain.Range.Most.Ratio)).Within(1e-12));

        static TargetPlanner Planner(double removed, double exponent) => new(
            new() { Target = PruningTarget.TrainingTime(removed) }, s_groups, 8, () => Table(8).With(exponent));
    }

    [TestCase(0.25, 0.5, 0.5)]
    [TestCase(0.5, 0.25, 2)]
    [TestCase(0.5, 1.2, 0.25)]
    [TestCase(0.9, 0.1, 4)]
    [TestCase(1, 0.9, 1)]
    public void The_exponent_is_the_ratio_of_the_logarithms_within_bounds(
        double table, double measured, double exponent) =>
        Assert.That(TrainingTimeFit.Exponent(table, measured), Is.EqualTo(exponent).Within(1e-12));

    [TestCase(1, 1, 128)]
    [TestCase(2, 4, 16)]
    [TestCase(128, 4, 1)]
    public void Training_is_timed_on_a_micro_batch_of_one_process(int steps, int ranks, int images)
    {
        var options = new PruningAwareTrainingOptions { Training = new() { GradientAccumulationSteps = steps } };
        Assert.That(options.BudgetFor(ranks).TrainingBatch, Is.EqualTo(images));
    }

    [TestCase(Precision.Float32)]
    [TestCase(Precision.Bfloat16)]
    public void Training_is_timed_in_the_precision_of_the_run(Precision precision)
    {
        var options = new PruningAwareTrainingOptions { Training = new() { Precision = precision } };
        Assert.That(options.BudgetFor(ranks: 1).Precision, Is.EqualTo(precision));
        var timer = new TrainingLayerTimer(torch.CPU, 8, channelsLast: true, fusedNorms: true, precision);
        Assert.That(timer.Conditions, Does.Contain(precision.ToString()), "measurements are kept by their conditions");
    }

    [Test]
    public void A_correction_is_measured_once()
    {
        var groups = ChannelGroups.Of(TinyNetworks.ResNet8());
        var table = new LatencyTable(groups, groups.Definition.Layers, 1, (layer, _) => layer.Parameters.Count());
        var cache = new MeasurementCache(folder: null, machine: "");
        var settings = new BudgetSettings { Target = PruningTarget.TrainingTime(0.4), TrainingBatch = 4 };
        var fit = new TrainingTimeFit(settings, groups, 1, torch.CPU);
        var first = fit.Fit(table, "test", cache).Exponent;
        Assert.That(first, Is.InRange(0.25, 4));
        Assert.That(fit.Fit(table, "test", cache).Exponent, Is.EqualTo(first));
    }

    [Test]
    public void Layers_of_every_kind_are_measured_on_the_device(
        [Values("resnet8", "mobilenet_v3_small", "vit_tiny_16", "shufflenet_v2_x1_0")] string name,
        [Values(null, Precision.Float32, Precision.Bfloat16)] Precision? training)
    {
        var groups = ChannelGroups.Of(Networks.ByName(name).Build(new(3, 32, 32), 3));
        ILayerTimer timer = training is { } precision
            ? new TrainingLayerTimer(torch.CPU, batch: 4, channelsLast: true, fusedNorms: true, precision)
            : new ScoringLayerTimer(torch.CPU, batch: 1, channelsLast: false);
        foreach (var layer in groups.Definition.Layers.DistinctBy(l => l.GetType()))
        {
            Assert.That(
                timer.Milliseconds(layer, [.. layer.Inputs.Select(groups.Definition.OutputShape)]),
                Is.InRange(0, 5000).And.GreaterThan(0),
                layer.Name);
        }
    }

    [Test]
    public void Measurements_are_kept_for_the_next_run_and_a_damaged_file_counts_as_none()
    {
        using var folder = new TemporaryFolder();
        var cache = new MeasurementCache(folder.Name, "this machine");
        Assert.That(cache.Get("a", () => 2), Is.EqualTo(2));
        Assert.That(cache.Get("a", () => 3), Is.EqualTo(2));
        cache.Save();
        Assert.That(new MeasurementCache(folder.Name, "this machine").Get("a", () => 5), Is.EqualTo(2));
        Assert.That(new MeasurementCache(folder.Name, "another").Get("a", () => 5), Is.EqualTo(5));
        var file = Directory.GetFiles(folder.Name).Single();
        string[] contents =
        [
            "", "{", "null", "[]",
            """{"Machine":"this machine","Values":null}""",
            """{"Machine":"another","Values":{"a":7}}""",
            """{"Machine":"this machine","Values":{"a":-7}}""",
        ];
        foreach (var damaged in contents)
        {
            File.WriteAllText(file, damaged);
            var again = new MeasurementCache(folder.Name, "this machine");
            Assert.That(again.Get("a", () => 6), Is.EqualTo(6), damaged);
        }
    }

    [Test]
    public void Measurements_of_a_GPU_are_not_kept_because_the_next_one_may_be_another()
    {
        var gpu = new torch.Device(DeviceType.CUDA, 0);
        var what = $"a test, {Guid.NewGuid()}";
        var cache = MeasurementCache.Of(gpu);
        Assert.That(cache.Get(what, () => 2), Is.EqualTo(2));
        cache.Save();
        Assert.That(MeasurementCache.Of(gpu).Get(what, () => 3), Is.EqualTo(3));
    }

    [Test]
    public void A_folder_that_cannot_be_written_costs_nothing_but_the_cache()
    {
        var cache = new MeasurementCache("/proc/no/such/folder", "this machine");
        Assert.That(cache.Get("a", () => 2), Is.EqualTo(2));
        Assert.That(cache.Save, Throws.Nothing);
    }

    private static ChannelScores RandomScores()
    {
        var random = new Random(1);
        double[] scores = [.. Enumerable.Range(0, s_groups.Groups.Sum(g => g.Width)).Select(_ => random.NextDouble())];
        return ChannelScores.Of(s_groups, scores, ScoreNormalization.GroupMean);
    }

    private static LatencyTable Table(int step) => new(s_groups, s_groups.Definition.Layers, step, Macs);

    private static double Macs(Layer layer, IReadOnlyList<ImageShape> inputs) =>
        layer.MultiplyAccumulates(layer.OutputShape(inputs));
}
