using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Every criterion against its formula, computed by hand from the tensors of a tiny network.</summary>
public class ImportanceTests
{
    // One group of the stem, a depthwise convolution and the convolution of a residual block, 4 channels, a norm on the
    // last only;
    // one group of the block's inner convolution, 6 channels, with a norm.
    private static readonly NetworkDefinition s_definition = Definition();

    [Test]
    public void Magnitude_is_the_root_mean_square_over_the_coupled_group()
    {
        using var network = TinyNetworks.Trainable(s_definition);
        var scores = Scores(network, Importance.Magnitude);
        for (var c = 0; c < 4; c++)
        {
            double[] weights =
                [.. Filter(network, "stem", c), .. Filter(network, "depthwise", c), .. Filter(network, "outer", c)];
            Assert.That(scores[c], Is.EqualTo(Math.Sqrt(weights.Average(w => w * w))).Within(1e-6));
        }
        var inner = Filter(network, "inner", 2);
        Assert.That(scores[6], Is.EqualTo(Math.Sqrt(inner.Average(w => w * w))).Within(1e-6));
    }

    [Test]
    public void L1_and_L2_are_norms_of_filters([Values] GroupReduction reduction)
    {
        using var network = TinyNetworks.Trainable(s_definition);
        var (ones, twos) = (Scores(network, Importance.L1, reduction), Scores(network, Importance.L2, reduction));
        for (var c = 0; c < 4; c++)
        {
            double[][] filters =
                [Filter(network, "stem", c), Filter(network, "depthwise", c), Filter(network, "outer", c)];
            Assert.That(ones[c], Is.EqualTo(Reduced(reduction, filters.Select(f => f.Sum(Math.Abs)))).Within(1e-5));
            Assert.That(twos[c], Is.EqualTo(Reduced(reduction, filters.Select(Norm))).Within(1e-5));
        }
        Assert.That(ones[4 + 3], Is.EqualTo(Filter(network, "inner", 3).Sum(Math.Abs)).Within(1e-5));
    }

    [Test]
    public void Batch_norm_scale_is_the_scale_and_the_norm_of_the_filter_where_there_is_none()
    {
        using var network = TinyNetworks.Trainable(Plain());
        var scores = Scores(network, Importance.BatchNormScale);
        Assert.That(scores[1], Is.EqualTo(Norm(Filter(network, "bare", 1))).Within(1e-5));
        Assert.That(scores[4 + 1], Is.EqualTo(Math.Abs(Values(network.Tensors["norm.weight"])[1])).Within(1e-6));
    }

    [Test]
    public void Fpgm_is_the_sum_of_distances_and_a_twin_has_no_distance()
    {
        using var network = TinyNetworks.Trainable(s_definition);
        using (torch.no_grad()) network.Tensors["inner.weight"][5].copy_(network.Tensors["inner.weight"][1]);
        var scores = Scores(network, Importance.Fpgm);
        var filters = Enumerable.Range(0, 6).Select(c => Filter(network, "inner", c)).ToArray();
        for (var c = 0; c < 6; c++)
        {
            var expected = filters.Sum(other => Norm([.. other.Zip(filters[c], (a, b) => a - b)]));
            Assert.That(
                scores[4 + c],
                Is.EqualTo(expected).Within(2e-3),
                "float32: a distance of 0 comes out as up to 3e-4 of the norm");
        }
        Assert.That(scores[4 + 5], Is.EqualTo(scores[4 + 1]).Within(1e-3));
    }

    [Test]
    public void Lamp_is_the_fraction_of_what_is_no_smaller_and_the_largest_has_one()
    {
        using var network = TinyNetworks.Trainable(s_definition);
        var scores = Scores(network, Importance.Lamp)[4..];
        var squares = Enumerable.Range(0, 6).Select(c => Math.Pow(Norm(Filter(network, "inner", c)), 2)).ToArray();
        for (var c = 0; c < 6; c++)
            Assert.That(scores[c], Is.EqualTo(squares[c] / squares.Where(s => s >= squares[c]).Sum()).Within(1e-5));
        Assert.That(scores.Max(), Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void Taylor_is_the_mean_over_batches_of_the_formula([Values] GroupReduction reduction)
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        using var taylor = Scorer(network, Importance.Taylor, reduction);
        var (stem, inner) = (new double[3][], new double[3][]);
        for (var batch = 0; batch < 3; batch++)
        {
            Backward(network, batch);
            taylor.Gather();
            (stem[batch], inner[batch]) = (Products(network, "bn1"), Products(network, "layer1.0.bn2"));
        }
        var scores = Scores(taylor);
        for (var c = 0; c < 16; c++)
        {
            // As published: the sum over the layers, then its absolute value, then the mean over the batches.
            var expected = reduction == GroupReduction.Sum
                ? stem.Zip(inner, (s, i) => Math.Abs(s[c] + i[c])).Average()
                : Reduced(reduction, [stem.Average(s => Math.Abs(s[c])), inner.Average(i => Math.Abs(i[c]))]);
            Assert.That(scores[c], Is.EqualTo(expected).Within(1e-5));
        }
    }

    [Test]
    public void Taylor_takes_the_filter_where_a_channel_has_no_norm()
    {
        using var network = TinyNetworks.Trainable(Plain());
        using var taylor = Scorer(network, Importance.Taylor, GroupReduction.Mean);
        Backward(network, 0);
        taylor.Gather();
        var weight = network.Tensors["bare.weight"];
        using var expected = (weight.detach() * weight.grad!).flatten(1).sum(1).abs();
        Assert.That(Scores(taylor).Take(4), Is.EqualTo(Values(expected)).Within(1e-6));
        Assert.That(Scores(taylor)[4 + 2], Is.EqualTo(Math.Abs(Products(network, "norm")[2])).Within(1e-6));
    }

    [Test]
    public void Taylor_on_weights_is_the_mean_over_batches_of_squared_products()
    {
        using var network = TinyNetworks.Trainable(s_definition);
        using var taylor = Scorer(network, Importance.TaylorWeights, GroupReduction.Sum);
        var expected = 0.0;
        for (var batch = 0; batch < 2; batch++)
        {
            Backward(network, batch);
            taylor.Gather();
            expected +=
                new[] { "stem", "depthwise", "outer" }.Sum(layer =>
                    Filter(network, layer, 1)
                        .Zip(Filter(network, layer, 1, gradient: true), (w, g) => w * g * w * g)
                        .Sum()) / 2;
        }
        Assert.That(Scores(taylor)[1], Is.EqualTo(expected).Within(1e-5 * Math.Max(1, expected)));
    }

    [Test]
    public void Gradients_are_averaged_over_the_observations_of_the_last_epoch()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var taylor = Scorer(network, Importance.Taylor, GroupReduction.Mean);
        double Observe(double gradient)
        {
            network.Undecayed.Values.fill_(1);
            network.Undecayed.Gradients.fill_(gradient); // each norm gives |g + g|
            taylor.Gather();
            return Scores(taylor, observations: 2)[0];
        }
        Assert.That(Observe(1), Is.EqualTo(2).Within(1e-6));
        Assert.That(Observe(3), Is.EqualTo(4).Within(1e-6));
        Assert.That(Observe(5), Is.EqualTo(8).Within(1e-6), "the first observation is an epoch old and gone");
    }

    /// <summary>Scores of a criterion, group after group.</summary>
    internal static double[] Scores(
        TrainableNetwork network,
        Importance criterion,
        GroupReduction reduction = GroupReduction.Mean,
        ProbeBatches? images = null,
        TargetPlanner? planner = null)
    {
        using var scorer = Scorer(network, criterion, reduction, images, planner);
        return Scores(scorer);
    }

    private static double[] Scores(ChannelScorer scorer, int observations = 1) =>
        [.. scorer.Score(observations).Values.SelectMany(v => v)];

    private static ChannelScorer Scorer(
        TrainableNetwork network,
        Importance criterion,
        GroupReduction reduction,
        ProbeBatches? images = null,
        TargetPlanner? planner = null) =>
        new(
            new() { Criterion = criterion, Reduction = reduction, Normalization = ScoreNormalization.None },
            network,
            images,
            seed: 1,
            planner);

    internal static double[] Values(torch.Tensor tensor) =>
        tensor.detach().to(torch.float64).contiguous().view(-1).data<double>().ToArray();

    private static double[] Filter(TrainableNetwork network, string layer, int index, bool gradient = false)
    {
        using var scope = torch.NewDisposeScope();
        var weight = network.Tensors[layer + ".weight"];
        return Values((gradient ? weight.grad! : weight)[index]);
    }

    private static double[] Products(TrainableNetwork network, string norm)
    {
        using var scope = torch.NewDisposeScope();
        var (scale, shift) = (network.Tensors[norm + ".weight"], network.Tensors[norm + ".bias"]);
        return Values(scale.detach() * scale.grad! + shift.detach() * shift.grad!);
    }

    private static void Backward(TrainableNetwork network, int batch)
    {
        using var scope = torch.NewDisposeScope();
        network.Decayed.Gradients.zero_();
        network.Undecayed.Gradients.zero_();
        network.Module.train();
        torch.nn.functional.cross_entropy(
                network.Module.call(TinyNetworks.Images(network.Definition, 4, 10 + batch)),
                torch.tensor(new long[] { 0, 1, 2, 0 }))
            .backward();
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    private static double Reduced(GroupReduction reduction, IEnumerable<double> layers) => reduction switch
    {
        GroupReduction.Mean => layers.Average(),
        GroupReduction.Max => layers.Max(),
        _ => layers.Sum(),
    };

    private static NetworkDefinition Definition()
    {
        var b = new NetworkBuilder("block", new(3, 8, 8));
        var stem = b.Convolution("stem", NetworkDefinition.InputName, 4, kernel: 3, padding: 1);
        var inner = b.Relu(
            "relu1", b.BatchNorm("norm1", b.Convolution("inner", b.Relu("relu0", stem), 6, kernel: 3, padding: 1)));
        var outer = b.BatchNorm("norm2", b.Convolution("outer", inner, 4, kernel: 1));
        var depthwise =
            b.Convolution("depthwise", b.Relu("relu2", b.Sum("sum", outer, stem)), 4, kernel: 3, padding: 1, groups: 4);
        b.Linear("fc", b.GlobalAveragePool("pool", depthwise), 3);
        return b.Build();
    }

    private static NetworkDefinition Plain()
    {
        var b = new NetworkBuilder("plain", new(3, 8, 8));
        var bare = b.Relu("relu1", b.Convolution("bare", NetworkDefinition.InputName, 4, kernel: 3));
        b.Linear(
            "fc",
            b.GlobalAveragePool(
                "pool",
                b.Relu("relu2", b.BatchNorm("norm", b.Convolution("normed", bare, 5, kernel: 3)))),
            3);
        return b.Build();
    }
}
