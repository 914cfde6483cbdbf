using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Tests;

public class ChannelGroupsTests
{
    [Test]
    public void Resnet_stage_is_one_group_and_first_convolution_of_a_block_is_its_own()
    {
        var groups = ChannelGroups.Of(Networks.ResNet20.Build(new(3, 32, 32), 10));
        var byName = groups.Groups.ToDictionary(g => g.Name);
        Assert.That(groups.Groups, Has.Count.EqualTo(3 + 9));
        Assert.That(
            byName["conv1"].Layers,
            Is.EqualTo(new[] { "conv1", "layer1.0.conv2", "layer1.1.conv2", "layer1.2.conv2" }));
        Assert.That(
            byName["layer2.0.conv2"].Layers,
            Is.EqualTo(new[] { "layer2.0.conv2", "layer2.0.downsample.0", "layer2.1.conv2", "layer2.2.conv2" }));
        Assert.That(byName["layer3.1.conv1"].Layers, Is.EqualTo(new[] { "layer3.1.conv1" }));
        Assert.That(byName["layer3.1.conv1"].Width, Is.EqualTo(64));
    }

    [Test]
    public void Counts_every_prunable_convolution_and_a_shared_channel_once_for_each()
    {
        var groups = ChannelGroups.Of(Networks.ResNet20.Build(new(3, 32, 32), 10));
        Assert.That(groups.PrunableLayers, Has.Count.EqualTo(21)); // 19 of 3x3, two projections; never the classifier
        Assert.That(groups.PrunableLayers, Does.Not.Contain("fc"));
        Assert.That(groups.Neurons, Is.EqualTo(16 * 7 + 32 * 7 + 64 * 7));
    }

    [Test]
    public void Every_slice_of_a_channel_is_a_member()
    {
        var stem = ChannelGroups.Of(TinyNetworks.ResNet8()).Groups.Single(g => g.Name == "conv1");
        var members = stem.Members.Select(m => (m.Parameter, m.Dimension)).ToList();
        Assert.That(
            members,
            Is.EquivalentTo(
                new[]
                {
                    ("conv1.weight", 0), ("bn1.weight", 0), ("bn1.bias", 0), ("bn1.running_mean", 0),
                    ("bn1.running_var", 0), ("layer1.0.conv1.weight", 1), ("layer1.0.conv2.weight", 0),
                    ("layer1.0.bn2.weight", 0), ("layer1.0.bn2.bias", 0), ("layer1.0.bn2.running_mean", 0),
                    ("layer1.0.bn2.running_var", 0), ("layer2.0.conv1.weight", 1), ("layer2.0.downsample.0.weight", 1),
                }));
        Assert.That(stem.Members.Select(m => m.Indices), Is.All.EqualTo(Enumerable.Range(0, 16).Select(i => (long)i)));
    }
}
