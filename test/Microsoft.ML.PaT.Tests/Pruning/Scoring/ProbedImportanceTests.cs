using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Criteria that run their own passes: SNIP, GraSP, SynFlow.</summary>
public class ProbedImportanceTests
{
    [Test]
    public void Snip_is_the_sum_of_products_with_the_gradient_of_the_probe_images()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var store = TinyImages.Store(24);
        var images = Images(store, batch: 8);
        var scores = ImportanceTests.Scores(network, Importance.Snip, GroupReduction.Sum, images);

        using var copy = network.Copy();
        Assert.That(
            Show(images, copy, (logits, labels) => torch.nn.functional.cross_entropy(logits, labels).div(3).backward()),
            Is.EqualTo(3));
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
        var scores = ImportanceTests.Scores(network, Importance.Grasp, GroupReduction.Sum, images);
        var first = groups.Groups[0].Width;
        Assert.That(groups.Groups[1].Layers, Is.EqualTo(new[] { "layer1.0.conv1" }));
        const double step = 0.02;
        var slopes = Enumerable.Range(0, 6).Select(c => (Half(c, 1 + step) - Half(c, 1 - step)) / (2 * step)).ToArray();
        var largest = slopes.Max(Math.Abs);
        Assert.That(largest, Is.GreaterThan(0));
        Assert.That(
            scores.Skip(first).Take(6), Is.EqualTo(slopes).Within(0.02 * largest), "central difference in float32");

        double Half(int filter, double factor)
        {
            using var scope = torch.NewDisposeScope();
            using var copy = network.Copy();
            using (torch.no_grad()) copy.Tensors["layer1.0.conv1.weight"][filter].mul_(factor);
            Show(images, copy, (logits, labels) =>
                torch.nn.functional.cross_entropy(logits.div(200), labels).backward());
            return ImportanceTests.Values(copy.Decayed.Gradients).Sum(g => g * g) / 2;
        }
    }

    [Test]
    public void Synflow_is_the_flow_through_absolute_weights_and_equal_in_every_layer()
    {
        // 1x1 convolutions on one pixel are matrices: R = 1' |C| |B| |A| 1.
        var builder = new NetworkBuilder("chain", new(2, 1, 1));
        var one = builder.Activation(
            "relu6",
            builder.Convolution("a", NetworkDefinition.InputName, 3, kernel: 1, bias: true),
            ActivationFunction.Relu6);
        builder.Linear(
            "fc", builder.Activation("silu", builder.Convolution("b", one, 4, kernel: 1), ActivationFunction.Silu), 2);
        using var network = TinyNetworks.Trainable(builder.Build());
        var scores = ImportanceTests.Scores(network, Importance.SynFlow, GroupReduction.Sum);
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
        // The block's output and its shortcut both reach the second stage, whose first convolution and shortcut have
        // all of the flow.
        var scores = ChannelScores.Of(
            groups, ImportanceTests.Scores(network, Importance.SynFlow, GroupReduction.Sum), ScoreNormalization.None);
        var sums = groups.Groups.Zip(scores.Values).ToDictionary(p => p.First.Layers[0], p => p.Second.Sum());
        // The inner convolution has the flow of its block's outer one; in the last stage, outer convolution and
        // shortcut together have R.
        Assert.That(sums.Values, Is.All.GreaterThan(0));
        Assert.That(sums["layer3.0.conv1"], Is.LessThan(sums["layer3.0.conv2"]));
    }

    [Test]
    public void Hrank_is_the_mean_rank_of_the_feature_maps_after_the_activation()
    {
        // Red is constant (rank 1), green a diagonal (rank 8); blue has as many bright diagonal pixels as the image's
        // number, from 0 to 5. Two images a batch: more batches than other criteria score.
        const int Size = 8, Count = 24;
        var pixels = new byte[Count * 3 * Size * Size];
        for (var image = 0; image < Count; image++)
        {
            var planes = pixels.AsSpan(image * 3 * Size * Size, 3 * Size * Size);
            planes[..(Size * Size)].Fill(255);
            for (var i = 0; i < Size; i++) planes[Size * Size + i * (Size + 1)] = 255;
            for (var i = 0; i < image % 6; i++) planes[2 * Size * Size + i * (Size + 1)] = 255;
        }
        using var scope = torch.NewDisposeScope();
        using var store = new ImageDataset(
            torch.tensor(pixels).reshape(Count, 3, Size, Size), torch.zeros(Count, dtype: torch.int64), ["a", "b"]);
        using var threads = new ThreadScope(1);
        var images = new ProbeBatches(store, new() { BatchSize = 2 }, seed: 1, new(), new([0, 0, 0], [1, 1, 1]));
        var builder = new NetworkBuilder("maps", new(3, Size, Size));
        var map = builder.Relu(
            "relu",
            builder.BatchNorm("norm", builder.Convolution("select", NetworkDefinition.InputName, 5, kernel: 1)));
        builder.Linear("fc", builder.GlobalAveragePool("pool", map), 2);
        using var network = TinyNetworks.Trainable(builder.Build());
        using (torch.no_grad())
        {
            (string, float)[] norm = [("weight", 1), ("bias", 0), ("running_mean", 0), ("running_var", 1)];
            foreach (var (name, value) in norm) network.Tensors["norm." + name].fill_(value);
            // red, green, blue, red + green, and what the activation removes
            network.Tensors["select.weight"]
                .copy_(torch.tensor(new float[] { 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, -1, -1, -1 }).view(5, 3, 1, 1));
        }
        Assert.That(
            ImportanceTests.Scores(network, Importance.HRank, images: images),
            Is.EqualTo(new[] { 1, 8, (0 + 1 + 2 + 3 + 4 + 5) / 6.0, 8, 0 }).Within(1e-9));
    }

    // 100 images at 32 a batch: three batches, 96 images.
    [TestCase(1, 1, 3, 32)]
    [TestCase(4, 1, 12, 8)]
    [TestCase(2, 4, 24, 4)]
    [TestCase(3, 1, 9, 11)]
    public void A_pass_has_a_micro_batch_of_a_rank_and_all_passes_together_the_same_images(
        int steps, int ranks, int passes, int largest)
    {
        using var store = TinyImages.Store(100);
        var (whole, _) = Seen(1, 1);
        var (images, sizes) = Seen(steps, ranks);
        Assert.That((sizes.Count, sizes.Max()), Is.EqualTo((passes, (long)largest)));
        Assert.That(images, Is.EqualTo(whole));

        (List<float> Images, List<long> Sizes) Seen(int accumulation, int size)
        {
            var training = new TrainingOptions { BatchSize = 32, GradientAccumulationSteps = accumulation };
            var probe = new ProbeBatches(store, training, seed: 1, new(), PixelStatistics.Of(store), size);
            var (values, counts) = (new List<float>(), new List<long>());
            var calls = probe.ForEach(torch.CPU, channelsLast: false, (batch, labels) =>
            {
                values.AddRange(batch.contiguous().data<float>());
                counts.Add(batch.shape[0]);
                Assert.That(labels.shape[0], Is.EqualTo(batch.shape[0]));
            });
            Assert.That(calls, Is.EqualTo(counts.Count));
            return (values, counts);
        }
    }

    [Test]
    public void Rounds_mask_down_to_the_target_and_the_last_masked_score_highest()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var groups = ChannelGroups.Of(network.Definition);
        var planner = new TargetPlanner(new() { Target = PruningTarget.Channels(0.75) }, groups, step: 1);
        var scores = ImportanceTests.Scores(network, new SynFlowImportance(rounds: 4), images: null, planner: planner);
        var once = ImportanceTests.Scores(network, new SynFlowImportance(rounds: 1), images: null, planner: planner);
        // Channels masked in the same round share a score; the scores of the others differ.
        var masked = scores.GroupBy(s => s).Where(g => g.Count() > 1).OrderBy(g => g.Key).ToArray();
        var others = scores.Except(masked.Select(g => g.Key)).ToArray();
        Assert.That(
            masked.Select(g => g.Key / others.Min()),
            Is.EqualTo(new[] { 0.25, 0.5, 0.75 }).Within(1e-9),
            "one score per round");
        var left = groups.Groups.Zip(ChannelScores.Of(groups, scores, ScoreNormalization.None).Values)
            .Sum(g => g.First.Multiplicity * g.Second.Count(others.Contains));
        Assert.That(
            (double)left / groups.Neurons, Is.EqualTo(Math.Pow(0.25, 0.75)).Within(0.05), "three quarters of the way");
        Assert.That(others.Intersect(once), Is.Empty, "the others are scored again");
    }

    private static ProbeBatches Images(ImageDataset store, int batch) =>
        new(store, new() { BatchSize = batch }, seed: 1, new(), PixelStatistics.Of(store));

    /// <summary>Counts the batches on a copy in training mode.</summary>
    private static int Show(ProbeBatches images, TrainableNetwork copy, Action<torch.Tensor, torch.Tensor> use)
    {
        using var noise = new torch.Generator(1);
        copy.Module.Train(noise);
        return images.ForEach(copy.Device, copy.ChannelsLast, (batch, labels) => use(copy.Module.call(batch), labels));
    }

    private static double[] Products(TrainableNetwork network, string name)
    {
        using var scope = torch.NewDisposeScope();
        return ImportanceTests.Values((network.Tensors[name].detach() * network.Tensors[name].grad!).contiguous());
    }
}
