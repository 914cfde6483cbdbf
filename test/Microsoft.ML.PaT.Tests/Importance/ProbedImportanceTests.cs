using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Criteria that try the network on their own: SNIP, GraSP, SynFlow.</summary>
public class ProbedImportanceTests
{
    [Test]
    public void Snip_is_the_sum_of_products_with_the_gradient_of_the_probe_images()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var store = TinyImages.Store(24);
        var (groups, images) = (ChannelGroups.Of(network.Definition), Images(store, batch: 8));
        using var snip = new SnipImportance(groups, network, images, GroupReduction.Sum);
        var scores = ImportanceTests.Scores(snip);

        using var copy = network.Copy();
        Assert.That(images.Show(copy, (logits, labels) => torch.nn.functional.cross_entropy(logits, labels).div(3).backward()), Is.EqualTo(3));
        var (stem, outer) = (Products(copy, "conv1.weight"), Products(copy, "layer1.0.conv2.weight"));
        for (var c = 0; c < 16; c++)
        {
            var expected = stem.Skip(c * 27).Take(27).Concat(outer.Skip(c * 144).Take(144)).Sum(Math.Abs);
            Assert.That(scores[c], Is.EqualTo(expected).Within(1e-5 * Math.Max(1, expected)));
        }
    }

    [Test]
    public void Grasp_is_how_half_the_squared_gradient_grows_with_the_filter()
    {
        // d/ds of |g|^2 / 2, a filter scaled by s: w*(H*g) without a second derivative.
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var store = TinyImages.Store(16);
        var (groups, images) = (ChannelGroups.Of(network.Definition), Images(store, batch: 16));
        using var grasp = new GraspImportance(groups, network, images, GroupReduction.Sum);
        var scores = ImportanceTests.Scores(grasp);
        var first = groups.Groups[0].Width;
        Assert.That(groups.Groups[1].Layers, Is.EqualTo(new[] { "layer1.0.conv1" }));
        const double step = 0.02;
        var slopes = Enumerable.Range(0, 6).Select(c => (Half(c, 1 + step) - Half(c, 1 - step)) / (2 * step)).ToArray();
        var largest = slopes.Max(Math.Abs);
        Assert.That(largest, Is.GreaterThan(0));
        Assert.That(scores.Skip(first).Take(6), Is.EqualTo(slopes).Within(0.02 * largest), "central difference in float32");

        double Half(int filter, double factor)
        {
            using var scope = torch.NewDisposeScope();
            using var copy = network.Copy();
            using (torch.no_grad()) copy.Tensors["layer1.0.conv1.weight"][filter].mul_(factor);
            images.Show(copy, (logits, labels) => torch.nn.functional.cross_entropy(logits.div(200), labels).backward());
            return ImportanceTests.Values(copy.Decayed.Gradients).Sum(g => g * g) / 2;
        }
    }

    [Test]
    public void Synflow_is_the_flow_through_absolute_weights_and_every_layer_carries_all_of_it()
    {
        // 1x1 convolutions on one pixel are matrices: R = 1' |C| |B| |A| 1.
        var builder = new NetworkBuilder("chain", new(2, 1, 1));
        var one = builder.Activation("relu6", builder.Convolution("a", NetworkDefinition.InputName, 3, kernel: 1, bias: true), ActivationFunction.Relu6);
        builder.Linear("fc", builder.Activation("silu", builder.Convolution("b", one, 4, kernel: 1), ActivationFunction.Silu), 2);
        using var network = TinyNetworks.Trainable(builder.Build());
        var groups = ChannelGroups.Of(network.Definition);
        using var synflow = new SynFlowImportance(groups, network, GroupReduction.Sum, (_, _) => throw new InvalidOperationException("one round ranks nothing"), rounds: 1);
        var scores = ImportanceTests.Scores(synflow);
        double[] a = Absolute("a.weight"), b = Absolute("b.weight"), fc = Absolute("fc.weight");
        var expected = new double[7];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                var flow = (fc[j] + fc[4 + j]) * b[j * 3 + i] * (a[i * 2] + a[i * 2 + 1]);
                expected[i] += flow;
                expected[3 + j] += flow;
            }
        }
        Assert.That(scores, Is.EqualTo(expected).Within(1e-9));
        Assert.That(scores[..3].Sum(), Is.EqualTo(scores[3..].Sum()).Within(1e-9));

        double[] Absolute(string name) => Array.ConvertAll(ImportanceTests.Values(network.Tensors[name]), Math.Abs);
    }

    [Test]
    public void Synflow_conserves_through_norms_and_residual_blocks()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var groups = ChannelGroups.Of(network.Definition);
        // What the block adds to the stem, and what goes around it, both reach the second stage: its first convolution and the shortcut carry everything.
        using var synflow = new SynFlowImportance(groups, network, GroupReduction.Sum, (_, _) => null!, rounds: 1);
        var scores = ChannelScores.Of(groups, ImportanceTests.Scores(synflow), ScoreNormalization.None);
        var sums = groups.Groups.Zip(scores.Values).ToDictionary(p => p.First.Layers[0], p => p.Second.Sum());
        // The inner convolution carries what the outer one of its block does; in the last stage outer and shortcut carry R together.
        Assert.That(sums.Values, Is.All.GreaterThan(0));
        Assert.That(sums["layer3.0.conv1"], Is.LessThan(sums["layer3.0.conv2"]));
    }

    [Test]
    public void Synflow_masks_down_to_its_budget_and_says_who_went_last()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var groups = ChannelGroups.Of(network.Definition);
        var parts = new List<double>();
        PruningPlan? last = null;
        PruningPlan Rank(torch.Tensor scores, double part)
        {
            parts.Add(part);
            var plan = ChannelRanking.Keep(groups, ChannelScores.Of(groups, ImportanceTests.Values(scores), ScoreNormalization.None), groups.Neurons * Math.Pow(0.25, part), step: 1);
            if (last is not null) Assert.That(groups.Groups, Is.All.Matches<ChannelGroup>(g => plan.Kept[g!.Name].Except(last.Kept[g.Name]).Count() == 0), "who is masked stays masked");
            return last = plan;
        }
        using var synflow = new SynFlowImportance(groups, network, GroupReduction.Mean, Rank, rounds: 4);
        var scores = ChannelScores.Of(groups, ImportanceTests.Scores(synflow), ScoreNormalization.None);
        Assert.That(parts, Is.EqualTo(new[] { 0.25, 0.5, 0.75 }));
        var (alive, masked) = (new List<double>(), new List<double>());
        foreach (var (group, values) in groups.Groups.Zip(scores.Values))
        {
            for (var c = 0; c < group.Width; c++) (last!.Kept[group.Name].Contains(c) ? alive : masked).Add(values[c]);
        }
        Assert.That(masked.Max(), Is.LessThan(alive.Min()));
        Assert.That(masked.Min(), Is.GreaterThan(0));
        Assert.That(masked.Distinct().Count(), Is.EqualTo(3), "one value a round");
    }

    private static ProbeBatches Images(ImageDataset store, int batch) => new(store, new() { BatchSize = batch }, new(), store.ComputeNormalization());

    private static double[] Products(TrainableNetwork network, string name)
    {
        using var scope = torch.NewDisposeScope();
        return ImportanceTests.Values((network.Tensors[name].detach() * network.Tensors[name].grad!).contiguous());
    }
}
