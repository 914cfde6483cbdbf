using Microsoft.ML.PaT.Reporting;

namespace PaT.Studies.Tests;

public sealed class StatisticsTests
{
    [TestCase(0.975)]
    [TestCase(0.9)]
    public void One_degree_of_freedom_is_the_cauchy_distribution(double p) =>
        Assert.That(StudentT.Quantile(p, 1), Is.EqualTo(Math.Tan(Math.PI * (p - 0.5))).Within(1e-9));

    [TestCase(0.975)]
    [TestCase(0.6)]
    public void Two_degrees_have_a_closed_form(double p) =>
        Assert.That(
            StudentT.Quantile(p, 2),
            Is.EqualTo(((2 * p) - 1) * Math.Sqrt(2 / (1 - (((2 * p) - 1) * ((2 * p) - 1))))).Within(1e-9));

    /// <summary>Published tables of the 97.5% point.</summary>
    [TestCase(3, 3.182446)]
    [TestCase(4, 2.776445)]
    [TestCase(5, 2.570582)]
    [TestCase(10, 2.228139)]
    [TestCase(30, 2.042272)]
    [TestCase(1000, 1.962339)]
    public void Quantiles_are_those_of_the_tables(int degrees, double expected) =>
        Assert.That(StudentT.Quantile(0.975, degrees), Is.EqualTo(expected).Within(1e-6));

    [Test]
    public void A_sample_has_its_mean_deviation_and_margin()
    {
        var sample = Sample.Of([1, 2, 3, 4]);
        Assert.That((sample.Count, sample.Mean), Is.EqualTo((4, 2.5)));
        Assert.That(sample.Deviation, Is.EqualTo(Math.Sqrt(5 / 3.0)).Within(1e-12));
        Assert.That(sample.Margin, Is.EqualTo(3.182446 * Math.Sqrt(5 / 3.0) / 2).Within(1e-5));
    }

    [Test]
    public void One_value_has_no_spread_and_none_no_mean()
    {
        Assert.That(
            (Sample.Of([7]).Mean, Sample.Of([7]).Deviation, Sample.Of([7]).Margin),
            Is.EqualTo((7.0, double.NaN, double.NaN)));
        Assert.That((Sample.Of([]).Count, Sample.Of([]).Mean), Is.EqualTo((0, double.NaN)));
    }

    [Test]
    public void Differences_are_paired_by_seed()
    {
        var sample = Sample.OfDifferences(
            new Dictionary<int, double>
            {
                [1] = 5,
                [2] = 7,
                [4] = 100,
            },
            new Dictionary<int, double>
            {
                [2] = 4,
                [1] = 4,
                [3] = 0,
            });
        // Differences 1 and 3: mean 2, deviation sqrt 2, margin t(0.975, 1) * sqrt 2 / sqrt 2.
        Assert.That((sample.Count, sample.Mean), Is.EqualTo((2, 2.0)));
        Assert.That(sample.Margin, Is.EqualTo(Math.Tan(Math.PI * 0.475)).Within(1e-8));
    }

    [Test]
    public void The_oracle_is_chosen_by_validation_images_with_and_without_the_seed_that_it_is_scored_on()
    {
        // Seed 1 would choose epoch 5 by its validation images, seed 2 epoch 3, and both together epoch 3.
        var validation = ByEpoch((1, [(3, 0.5), (5, 0.9)]), (2, [(3, 0.8), (5, 0.1)]));
        var test = ByEpoch((1, [(3, 0.60), (5, 0.70)]), (2, [(3, 0.66), (5, 0.61)]));
        var found = OracleRegret.Of(validation, test, new Dictionary<int, double> { [1] = 0.65, [2] = 0.60 });
        Assert.That(found.Epoch, Is.EqualTo(3));
        Assert.That(found.Regrets, Is.EqualTo(new[] { -0.05, 0.06 }).Within(1e-12));
        Assert.That(found.LeftOut.Select(f => f.Epoch), Is.EqualTo(new[] { 3, 5 }));
        Assert.That(found.LeftOut.Select(f => f.Regret), Is.EqualTo(new[] { -0.05, 0.01 }).Within(1e-12));
    }

    [Test]
    public void A_single_seed_chooses_for_itself_and_only_common_epochs_are_candidates()
    {
        var indicator = new Dictionary<int, double> { [1] = 0.5, [2] = 0.5 };
        var one = ByEpoch((1, [(0, 0.2), (4, 0.3)]));
        Assert.That(OracleRegret.Of(one, one, indicator).LeftOut.Single().Epoch, Is.EqualTo(4));
        var uneven = ByEpoch((1, [(0, 0.2), (4, 0.9)]), (2, [(0, 0.1)]));
        Assert.That(OracleRegret.Of(uneven, uneven, indicator).LeftOut.Select(f => f.Epoch), Is.All.EqualTo(0));
        Assert.That(OracleRegret.Of(one, one, new Dictionary<int, double>()).Epoch, Is.Null);
    }

    [Test]
    public void Training_costs_dense_epochs_until_the_cut_and_compact_ones_after()
    {
        Assert.That(TrainingCost.Estimate(10, null, 400, 400), Is.EqualTo(10));
        Assert.That(TrainingCost.Estimate(10, 4, 400, 100), Is.EqualTo(4 + (6 * 0.25)).Within(1e-12));
        Assert.That(TrainingCost.Estimate(10, 2.5, 400, 100), Is.EqualTo(2.5 + (7.5 * 0.25)).Within(1e-12));
    }

    [Test]
    public void A_report_knows_its_cost_and_an_older_one_is_estimated()
    {
        var report = new RunReport
        {
            Network = "resnet8",
            Classes = ["a", "b"],
            Recipe = new TrainingRecipe().ToJson(),
            Images = new(90, 10, [], 0),
            Epochs =
            [
                .. Enumerable
                    .Range(0, 10)
                    .Select(e => new EpochReport(e, TrainingPhase.Dense, 1, 0.5, 1, 1, 0.1, null)),
            ],
            PruneEpoch = 2,
            Dense = new(10, 400, null),
            Compact = new(5, 100, null),
            MacEpochs = 5.5,
            Seconds = new(1, 1, 0, 0, 0),
            Widths = new Dictionary<string, int[]>(),
            Observations = [new(2.5, [1], null, 0.9, 0.8, true, "")],
            Machine = "a machine",
        };
        Assert.That(
            TrainingCost.MacEpochs(report), Is.EqualTo(5.5), "three pruning steps, of which the estimate counts one");
        Assert.That(
            TrainingCost.MacEpochs(report with { MacEpochs = null }), Is.EqualTo(2.5 + (7.5 * 0.25)).Within(1e-12));
        Assert.That(
            TrainingCost.MacEpochs(report with { MacEpochs = null, PruneEpoch = null, Compact = null }),
            Is.EqualTo(10));
    }

    private static Dictionary<int, IReadOnlyDictionary<int, double>> ByEpoch(
        params (int Seed, (int Epoch, double Value)[] Values)[] seeds) =>
        seeds.ToDictionary(
            s => s.Seed, s => (IReadOnlyDictionary<int, double>)s.Values.ToDictionary(v => v.Epoch, v => v.Value));
}
