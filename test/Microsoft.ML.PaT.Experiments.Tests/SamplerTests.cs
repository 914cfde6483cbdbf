namespace Microsoft.ML.PaT.Experiments.Tests;

public class SamplerTests
{
    private static readonly PruningSearchSpace s_plane = new()
    {
        Ratio = SearchAxis.Between(0.1, 0.9, steps: 3),
        LearningRate = SearchAxis.LogBetween(0.01, 1, steps: 2),
    };

    [Test]
    public void A_grid_goes_through_every_combination_the_last_axis_fastest()
    {
        var sampler = SearchStrategy.Grid.Start(s_plane.Dimensions, seed: 1);
        Assert.That(sampler.Trials, Is.EqualTo(6));
        var points = sampler.Next([]).ToList();
        Assert.That(
            points.Select(p => string.Join(' ', s_plane.At(new(), p).Values.Values)),
            Is.EqualTo((string[])["0.1 0.01", "0.1 1", "0.5 0.01", "0.5 1", "0.9 0.01", "0.9 1"]));
        Assert.That(sampler.Next([]), Is.Empty);
    }

    [Test]
    public void Random_points_follow_their_seed_and_fill_the_space()
    {
        double[][] Draw(int seed)
        {
            var sampler = SearchStrategy.Random(1000).Start(s_plane.Dimensions, seed);
            return [.. sampler.Next([]).Take(1000)];
        }

        Assert.That(Draw(3), Is.EqualTo(Draw(3)));
        Assert.That(Draw(3), Is.Not.EqualTo(Draw(4)));
        // Mean and variance of 1000 even draws: 0.5 and 1/12, within four standard errors.
        foreach (var axis in new[] { 0, 1 })
        {
            var drawn = Draw(5).Select(p => p[axis]).ToList();
            Assert.That(drawn.Average(), Is.EqualTo(0.5).Within(0.037));
            Assert.That(drawn.Average(x => (x - 0.5) * (x - 0.5)), Is.EqualTo(1.0 / 12).Within(0.0095));
        }
    }

    [Test]
    public void A_density_without_points_is_even() =>
        Assert.That(new ParzenEstimator(null, []).Density(0.3), Is.EqualTo(1));

    [Test]
    public void A_density_integrates_to_one([Values(null, 4)] int? choices, [Values(1, 3, 20)] int points)
    {
        var random = new Random(points);
        var estimator = new ParzenEstimator(choices, Enumerable.Range(0, points).Select(_ => random.NextDouble()));
        const int n = 20_000;
        // Midpoint rule; kernels are at least 1/21 wide, so its error is far below the tolerance.
        Assert.That(Enumerable.Range(0, n).Average(i => estimator.Density((i + 0.5) / n)), Is.EqualTo(1).Within(1e-4));
    }

    [Test]
    public void A_density_of_choices_is_their_counts_and_one_even_vote()
    {
        var estimator = new ParzenEstimator(3, [0.1, 0.2, 0.5]); // the first twice, the second once
        Assert.That(estimator.Density(0.3) / 3, Is.EqualTo((2 + 1.0 / 3) / 4).Within(1e-12));
        Assert.That(estimator.Density(0.4) / 3, Is.EqualTo((1 + 1.0 / 3) / 4).Within(1e-12));
        Assert.That(estimator.Density(0.9) / 3, Is.EqualTo(1.0 / 3 / 4).Within(1e-12));
    }

    [Test]
    public void A_kernel_is_a_logistic_distribution_cut_off_at_both_ends()
    {
        // One point in the middle: its neighbors are the ends, 0.5 away, which is the standard deviation s * pi /
        // sqrt(3).
        var scale = 0.5 * Math.Sqrt(3) / Math.PI;
        double Below(double x) => 1 / (1 + Math.Exp((0.5 - x) / scale));
        double Kernel(double x) => Below(x) * (1 - Below(x)) / scale / (Below(1) - Below(0));
        var estimator = new ParzenEstimator(null, [0.5]);
        foreach (var x in new[] { 0, 0.25, 0.5, 0.9 })
            Assert.That(estimator.Density(x), Is.EqualTo((1 + Kernel(x)) / 2).Within(1e-12));
    }

    [Test]
    public void Draws_follow_the_density([Values(null, 4)] int? choices)
    {
        var estimator = new ParzenEstimator(choices, [0.1, 0.15, 0.2, 0.8]);
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 20_000).Select(_ => estimator.Sample(random)).ToList();
        Assert.That(drawn, Is.All.InRange(0, 1));
        const int bins = 8, fine = 1000;
        for (var bin = 0; bin < bins; bin++)
        {
            var expected =
                Enumerable.Range(0, fine).Average(i => estimator.Density((bin + (i + 0.5) / fine) / bins)) / bins;
            // Four standard errors of a fraction of 20000 are below 0.0142.
            Assert.That(drawn.Count(x => (int)(x * bins) == bin) / 20_000.0, Is.EqualTo(expected).Within(0.0142));
        }
    }

    [Test]
    public void Bayesian_points_come_closer_to_the_best_than_random_ones_and_avoid_failures()
    {
        // A smooth hill over two ranges, times what the better one of three choices is worth; a corner fails.
        static double? Accuracy(double[] p) =>
            p[0] > 0.9 && p[1] > 0.9
                ? null
                : (0.9 - Math.Pow(p[0] - 0.3, 2) - Math.Pow(p[1] - 0.7, 2)) * (p[2] < 1.0 / 3 ? 1 : 0.8);
        var space = new PruningSearchSpace
        {
            Ratio = SearchAxis.Between(0.1, 0.9),
            LearningRate = SearchAxis.LogBetween(0.01, 1),
            Policy = SearchAxis.Of(PruningPolicy.Never, PruningPolicy.EarlyBird(), PruningPolicy.AtInitialization),
        }.Dimensions;
        SearchDimension[] order = [space[1], space[2], space[0]];
        double Regret(SearchStrategy strategy, int seed)
        {
            var sampler = strategy.Start(order, seed);
            var tried = new List<TriedPoint>();
            while (tried.Count < sampler.Trials)
            {
                var point = sampler.Next(tried).First();
                tried.Add(new(point, Accuracy(point)));
            }
            return 0.9 - tried.Max(t => t.Accuracy)!.Value;
        }

        var seeds = Enumerable.Range(1, 40).ToList();
        var (random, bayesian) = (
            seeds.Average(s => Regret(SearchStrategy.Random(40), s)),
            seeds.Average(s => Regret(SearchStrategy.Bayesian(40), s)));
        TestContext.Out.WriteLine($"mean regret over 40 seeds, 40 trials: random {random:F4}, Bayesian {bayesian:F4}");
        Assert.That(bayesian, Is.LessThan(0.7 * random));
        Assert.That(
            Regret(SearchStrategy.Bayesian(20), 7),
            Is.EqualTo(Regret(SearchStrategy.Bayesian(20), 7)),
            "the same seed, the same search");
    }

    [TestCase(27, 1, 3, 27, "1:27 3:9 9:3 27:1")]
    [TestCase(20, 1, 3, 30, "1:20 3:6 9:2 27:1 30:1")]
    [TestCase(8, 2, 2, 9, "2:8 4:4 8:2 9:1")]
    [TestCase(2, 5, 3, 6, "5:2 6:1")]
    public void Halving_keeps_one_of_so_many_at_each_rung(
        int trials, int first, int factor, int epochs, string expected) =>
        Assert.That(
            string.Join(
                ' ',
                new HalvingOptions { FirstEpochs = first, Factor = factor }
                    .Rungs(epochs, trials)
                    .Select(r => $"{r.Epochs}:{r.Trials}")),
            Is.EqualTo(expected));
}
