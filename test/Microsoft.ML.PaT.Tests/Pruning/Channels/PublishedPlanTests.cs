using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// The plans of "Pruning Filters for Efficient ConvNets" (Li et al., ICLR 2017): fixed widths, published sizes.
/// </summary>
public class PublishedPlanTests
{
    private static readonly int[] s_skippedA = [16, 20, 38, 54];
    private static readonly int[] s_skippedB = [16, 18, 20, 34, 38, 54];

    [Test]
    public void Vgg16_a() =>
        Assert.That(
            Vgg(32, 64, 128, 128, 256, 256, 256, 256, 256, 256, 256, 256, 256).Parameters, Is.EqualTo(5_397_034));

    [Test]
    public void Vgg16_b() =>
        Assert.That(
            Vgg(32, 64, 128, 128, 196, 196, 196, 196, 196, 256, 256, 256, 256).Parameters, Is.EqualTo(4_212_754));

    [Test]
    public void ResNet56_a() => Assert.That(ResNet56([0.1, 0.1, 0.1], s_skippedA).Parameters, Is.EqualTo(773_336));

    [Test]
    public void ResNet56_b()
    {
        Assert.That(ResNet56([0, 0, 0], []).Macs / 1e6, Is.EqualTo(125.49).Within(0.005));
        Assert.That(ResNet56([0.6, 0.3, 0.1], s_skippedB).Parameters, Is.EqualTo(735_712));
        Assert.That(ResNet56([0.6, 0.3, 0.1], s_skippedB).Macs / 1e6, Is.EqualTo(90.91).Within(0.005));
    }

    [Test]
    public void ResNet56_c() => Assert.That(ResNet56([0.6, 0.5, 0.4], s_skippedB).Parameters, Is.EqualTo(557_954));

    /// <summary>VGG-16 with these widths of its convolutions and an unpruned linear layer.</summary>
    private static NetworkCost Vgg(params int[] widths)
    {
        var definition = Networks.ByName("vgg16-bn-cifar").Build(new(3, 32, 32), 10);
        var convolutions = definition.Layers.OfType<ConvolutionLayer>().Select(l => l.Name);
        return NetworkCost.Of(
            definition.WithWidths(convolutions.Zip(widths).ToDictionary(w => w.First, w => w.Second)));
    }

    /// <summary>
    /// ResNet-56 with a fraction of the first convolution of every block removed, by stage. Convolutions are counted
    /// from 1 at the stem.
    /// </summary>
    private static NetworkCost ResNet56(double[] ratios, int[] skipped)
    {
        var widths = new Dictionary<string, int>();
        for (var convolution = 2; convolution <= 54; convolution += 2)
        {
            var (stage, block) = Math.DivRem(convolution / 2 - 1, 9);
            if (!skipped.Contains(convolution))
                widths[$"layer{stage + 1}.{block}.conv1"] = (int)((16 << stage) * (1 - ratios[stage]));
        }
        return NetworkCost.Of(Networks.ByName("resnet56-cifar-a").Build(new(3, 32, 32), 10).WithWidths(widths));
    }
}
