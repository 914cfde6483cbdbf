namespace Microsoft.ML.PaT.Experiments.Tests;

public class PruningSearchSpaceTests
{
    [Test]
    public void A_choice_gives_every_value_an_equal_part()
    {
        var axis = SearchAxis.Of("a", "b", "c", "d");
        Assert.That(axis.IsRange, Is.False);
        Assert.That(axis.Positions.Select(axis.At), Is.EqualTo(axis.Values));
        Assert.That(
            ((double[])[0, 0.2499, 0.25, 0.74, 0.75, 1]).Select(axis.At),
            Is.EqualTo((string[])["a", "a", "b", "c", "d", "d"]));
    }

    [Test]
    public void Ranges_go_evenly_or_by_magnitude_and_have_four_digits()
    {
        var even = SearchAxis.Between(0.2, 0.8, steps: 4);
        Assert.That(even.Values, Is.EqualTo((double[])[0.2, 0.4, 0.6, 0.8]));
        Assert.That((even.At(0), even.At(0.5), even.At(1)), Is.EqualTo((0.2, 0.5, 0.8)));
        Assert.That(even.At(1.0 / 7), Is.EqualTo(0.2857));
        var log = SearchAxis.LogBetween(0.001, 1, steps: 4);
        Assert.That(log.Values, Is.EqualTo((double[])[0.001, 0.01, 0.1, 1]));
        Assert.That(log.At(0.5), Is.EqualTo(0.03162)); // the geometric mean, 10^-1.5
        Assert.That(log.Positions, Is.EqualTo((double[])[0, 1.0 / 3, 2.0 / 3, 1]));
    }

    [Test]
    public void Invalid_axis_has_an_error()
    {
        Assert.That(SearchAxis.Of<int>().Error, Does.Contain("no values"));
        Assert.That(SearchAxis.Of(1, 2, 1).Error, Does.Contain("twice"));
        Assert.That(SearchAxis.Between(0.5, 0.5).Error, Does.Contain("from 0.5 to 0.5"));
        Assert.That(SearchAxis.Between(0, double.NaN).Error, Does.Contain("finite"));
        Assert.That(SearchAxis.Between(0, 1, steps: 1).Error, Does.Contain("1 steps"));
        Assert.That(SearchAxis.LogBetween(0, 1).Error, Does.Contain("above 0"));
        Assert.That(SearchAxis.LogBetween(0.1, 1).Error, Is.Null);
    }

    [Test]
    public void A_point_becomes_options_and_words()
    {
        var space = new PruningSearchSpace
        {
            Network = SearchAxis.Of(Networks.ResNet20, Networks.ResNet32),
            Policy = SearchAxis.Of(PruningPolicy.AtEpoch(3), PruningPolicy.Never),
            Criterion = SearchAxis.Of(Importance.Taylor, Importance.BatchNormScale),
            Ratio = SearchAxis.Between(0.2, 0.6),
            LearningRate = SearchAxis.LogBetween(0.01, 1),
        };
        var common = new PruningAwareTrainingOptions { Pruning = new() { Target = PruningTarget.Macs(0.5) } };
        var (options, values) = space.At(common, [0.9, 0.1, 0.9, 0.5, 0.5]);
        Assert.That(
            options,
            Is.EqualTo(
                common with
                {
                    Network = Networks.ResNet32,
                    Training = common.Training with { LearningRate = 0.1 },
                    Pruning = common.Pruning with
                    {
                        Policy = PruningPolicy.AtEpoch(3),
                        Criterion = Importance.BatchNormScale,
                        Target = PruningTarget.Macs(0.4),
                    },
                }));
        Assert.That(
            string.Join(", ", values.Select(v => $"{v.Key} {v.Value}")),
            Is.EqualTo(
                "Network resnet32-cifar, Policy epoch:3, Criterion batch-norm-scale, Ratio 0.4, LearningRate 0.1"));
    }

    [Test]
    public void A_trial_that_never_prunes_has_no_ratio_and_no_criterion()
    {
        var space = new PruningSearchSpace
        {
            Policy = SearchAxis.Of(PruningPolicy.Never),
            Ratio = SearchAxis.Between(0.2, 0.6),
            Criterion = SearchAxis.Of(Importance.L1, Importance.L2),
        };
        Assert.That(space.At(new(), [0.5, 0.1, 0.1]).Options, Is.EqualTo(space.At(new(), [0.5, 0.9, 0.9]).Options));
        Assert.That(space.At(new(), [0.5, 0.1, 0.1]).Values.Keys, Is.EqualTo((string[])["Policy"]));
    }
}
