using Microsoft.ML.PaT.Pruning;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class ZooSurgeryTests
{
    // One of each family: projections, zero shortcuts, preactivation, bottlenecks, groups, flattening, depthwise,
    // squeeze-and-excitation, concatenation within and across blocks, splits and shuffles, attention.
    private static readonly string[] s_some =
    [
        "resnet20-cifar", "resnet20-cifar-a", "preresnet110-cifar", "vgg11-bn-cifar", "resnet18", "resnext50_32x4d",
        "mobilenet_v1_x0_25", "mobilenet_v2", "mobilenet_v3_small", "densenet121", "googlenet", "shufflenet_v2_x0_5",
        "squeezenet1_1", "squeezenet1_1_bn", "efficientnet_b0", "vit_tiny_16",
    ];

    private static IEnumerable<string> Others => Networks.Names.Except(s_some);

    [Test]
    public void Compact_is_masked_dense([ValueSource(nameof(s_some))] string name, [Values(0.3, 0.7)] double ratio) =>
        Check(name, ratio);

    [Test, Category("Long")]
    public void Compact_is_masked_dense_everywhere(
        [ValueSource(nameof(Others))] string name, [Values(0.3, 0.7)] double ratio) =>
        Check(name, ratio);

    private static void Check(string name, double ratio)
    {
        var dense = Networks.ByName(name).Build(new(3, 64, 64), 10);
        var compact = SurgeryAssert.Equal(dense, Plan, torch.float32, seed: 2);
        // Gradients are compared in float64 only: in float32, rounding switches a few ReLUs of a deep network, and
        // single gradients differ by 1%.
        SurgeryAssert.Equal(dense, Plan, torch.float64, seed: 2);
        var groups = ChannelGroups.Of(dense);
        var kept = groups.PrunableLayers.Sum(c => compact.OutputShape(c).Channels);
        Assert.That(kept, Is.EqualTo((1 - ratio) * groups.Neurons).Within(0.02 * groups.Neurons));

        PruningPlan Plan(ChannelGroups groups) => TinyNetworks.RandomPlan(groups, ratio, seed: 1);
    }
}
