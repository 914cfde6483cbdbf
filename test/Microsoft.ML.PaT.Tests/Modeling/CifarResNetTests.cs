using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Tests;

public class CifarResNetTests
{
    // Counted by hand: stem 432 + 32; stages of 3x3 convolutions with two values a norm channel; projections 512 and
    // 2048; classifier 650.
    [TestCase(20, 272_474)]
    [TestCase(32, 466_906)]
    [TestCase(44, 661_338)]
    [TestCase(56, 855_770)]
    [TestCase(110, 1_730_714)]
    public void Has_the_published_number_of_parameters(int depth, long parameters)
    {
        var definition = Networks.ByName($"resnet{depth}").Build(new(3, 32, 32), 10);
        Assert.That(NetworkCost.Of(definition).Parameters, Is.EqualTo(parameters));
    }

    [Test]
    public void Counts_the_multiply_accumulates_of_every_convolution()
    {
        // ResNet-20 at 32x32: stem 3*16*9*1024; stage 1: 6*16*16*9*1024; stages 2 and 3: half the pixels each way,
        // twice the channels.
        long stem = 3 * 16 * 9 * 1024, stage1 = 6L * 16 * 16 * 9 * 1024;
        long stage2 = (16L * 32 + 5 * 32 * 32) * 9 * 256 + 16 * 32 * 256,
            stage3 = (32L * 64 + 5 * 64 * 64) * 9 * 64 + 32 * 64 * 64;
        Assert.That(
            NetworkCost.Of(Networks.ResNet20.Build(new(3, 32, 32), 10)).Macs,
            Is.EqualTo(stem + stage1 + stage2 + stage3 + 640));
    }

    [Test]
    public void Names_parameters_as_torchvision_does()
    {
        var names = Networks.ResNet20.Build(new(3, 32, 32), 10).Parameters.Select(p => p.Name).ToList();
        Assert.That(
            names,
            Is.SupersetOf(
                new[]
                {
                    "conv1.weight",
                    "bn1.weight",
                    "bn1.bias",
                    "bn1.running_mean",
                    "bn1.running_var",
                    "layer1.0.conv1.weight",
                    "layer1.0.bn2.bias",
                    "layer2.0.downsample.0.weight",
                    "layer2.0.downsample.1.running_var",
                    "layer3.2.conv2.weight",
                    "fc.weight",
                    "fc.bias",
                }));
        Assert.That(names, Is.Unique);
    }

    [TestCase("resnet20", "resnet20-cifar")]
    [TestCase("resnet110-cifar", "resnet110-cifar")]
    public void Is_found_by_its_name(string name, string expected) =>
        Assert.That(Networks.ByName(name).Name, Is.EqualTo(expected));

    [TestCase("resnet21")]
    [TestCase("vgg")]
    [TestCase("resnet0")]
    [TestCase("")]
    public void An_unknown_name_says_where_the_known_ones_are(string name) =>
        Assert.That(
            () => Networks.ByName(name),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains($"'{name}'").And.Message.Contains("Networks.Names"));

    [Test]
    public void Takes_images_of_any_size()
    {
        using var network = TinyNetworks.Trainable(Networks.ResNet20.Build(new(3, 41, 19), 5));
        using var images = TinyNetworks.Images(network.Definition, 2);
        using var logits = network.Module.call(images);
        Assert.That(logits.shape, Is.EqualTo(new long[] { 2, 5 }));
    }
}
