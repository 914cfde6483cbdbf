using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;

namespace Microsoft.ML.PaT.Tests;

public class WidthCostTests
{
    private static readonly string[] s_networks =
    [
        "resnet20-cifar", "resnet20-cifar-a", "vgg11-bn-cifar", "resnext50_32x4d", "mobilenet_v2", "mobilenet_v3_small",
        "densenet121", "shufflenet_v2_x1_0", "googlenet",
    ];

    [Test]
    public void Counts_what_surgery_leaves([ValueSource(nameof(s_networks))] string name) =>
        Check(Networks.ByName(name).Build(new(3, 64, 64), 10), seed: 1);

    [Test]
    public void Counts_what_surgery_leaves_of_random_networks([Range(1, 100)] int seed) =>
        Check(RandomNetwork.Build(seed), seed);

    [Test]
    public void Two_convolutions_cost_what_the_formula_says()
    {
        // 3 -> 8 -> 4 channels on 8x8 pixels, kernels of 3 and 1: (27 + 4) * 8 = 248 parameters for channels of the
        // first, 12 and a bias per class.
        var builder = new NetworkBuilder("two", new(3, 8, 8));
        var one = builder.Convolution("one", NetworkDefinition.InputName, 8, kernel: 3);
        var two = builder.Convolution("two", one, 4, kernel: 1);
        builder.Linear("fc", builder.GlobalAveragePool("pool", two), 3);
        var groups = ChannelGroups.Of(builder.Build());
        var parameters = WidthCost.Of(PruningTargetKind.Parameters, groups).Start();
        var macs = WidthCost.Of(PruningTargetKind.Macs, groups).Start();
        Assert.That(parameters.Value, Is.EqualTo(27 * 8 + 8 * 4 + 4 * 3 + 3));
        Assert.That(macs.Value, Is.EqualTo(64 * (27 * 8 + 8 * 4) + 4 * 3));
        foreach (var meter in new[] { parameters, macs })
        {
            meter.Remove(0, [0, 3, 5]);
            meter.Remove(1, [1]);
        }
        Assert.That(parameters.Value, Is.EqualTo(27 * 5 + 5 * 3 + 3 * 3 + 3));
        Assert.That(macs.Value, Is.EqualTo(64 * (27 * 5 + 5 * 3) + 3 * 3));
    }

    private static void Check(NetworkDefinition dense, int seed)
    {
        var groups = ChannelGroups.Of(dense);
        var plan = TinyNetworks.RandomPlan(groups, seed);
        var left = NetworkCost.Of(new ChannelPruner(groups, plan).Definition);
        Assert.That(
            WidthCost.Of(PruningTargetKind.Parameters, groups).Full,
            Is.EqualTo((double)NetworkCost.Of(dense).Parameters).Within(1e-12).Percent);
        Assert.That(Left(PruningTargetKind.Parameters), Is.EqualTo((double)left.Parameters).Within(1e-10).Percent);
        Assert.That(Left(PruningTargetKind.Macs), Is.EqualTo((double)left.Macs).Within(1e-10).Percent);
        Assert.That(
            Left(PruningTargetKind.Channels),
            Is.EqualTo((double)groups.Groups.Sum(g => plan.Kept[g.Name].Length * g.Multiplicity)));

        double Left(PruningTargetKind kind)
        {
            var meter = WidthCost.Of(kind, groups).Start();
            for (var g = 0; g < groups.Groups.Count; g++)
            {
                meter.Remove(
                    g, [.. Enumerable.Range(0, groups.Groups[g].Width).Except(plan.Kept[groups.Groups[g].Name])]);
            }
            return meter.Value;
        }
    }
}
