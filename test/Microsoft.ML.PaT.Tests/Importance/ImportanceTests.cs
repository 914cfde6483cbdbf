using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class ImportanceTests
{
    [Test]
    public void Magnitude_is_the_root_mean_square_over_the_coupled_group()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        var groups = ChannelGroups.Of(network.Definition);
        var scores = MagnitudeImportance.Score(groups, network.Tensors);
        float[] stem = Values("conv1.weight"), inner = Values("layer1.0.conv2.weight");
        // channel 5 of the first group: 27 weights of the stem, 144 of the block's second convolution
        var squares = stem.Skip(5 * 27).Take(27).Concat(inner.Skip(5 * 144).Take(144)).Sum(w => (double)w * w);
        Assert.That(scores[5], Is.EqualTo(Math.Sqrt(squares / (27 + 144))).Within(1e-6));
        Assert.That(scores, Has.Length.EqualTo(groups.Groups.Sum(g => g.Width)));

        float[] Values(string name) => network.Tensors[name].detach().contiguous().view(-1).data<float>().ToArray();
    }

    [TestCase(GroupReduction.Mean)]
    [TestCase(GroupReduction.Sum)]
    public void Taylor_is_the_mean_over_batches_of_the_formula(GroupReduction reduction)
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        var groups = ChannelGroups.Of(network.Definition);
        using var taylor = new TaylorImportance(groups, network, reduction);
        var expected = new double[16];
        for (var batch = 0; batch < 3; batch++)
        {
            network.Norms.Gradients.zero_();
            network.Module.train();
            torch.nn.functional.cross_entropy(network.Module.call(TinyNetworks.Pictures(network.Definition, 4, 10 + batch)), torch.tensor(new long[] { 0, 1, 2, 0 })).backward();
            taylor.Gather();
            double[] stem = Products("bn1"), inner = Products("layer1.0.bn2");
            for (var c = 0; c < 16; c++)
                expected[c] += (reduction == GroupReduction.Sum ? Math.Abs(stem[c] + inner[c]) : (Math.Abs(stem[c]) + Math.Abs(inner[c])) / 2) / 3;
        }
        Assert.That(taylor.Score(observationsPerEpoch: 1).Take(16), Is.EqualTo(expected).Within(1e-5));

        double[] Products(string norm)
        {
            var (scale, shift) = (network.Tensors[norm + ".weight"], network.Tensors[norm + ".bias"]);
            return (scale.detach() * scale.grad! + shift.detach() * shift.grad!).to(torch.float64).data<double>().ToArray();
        }
    }

    [Test]
    public void Channels_without_a_norm_are_scored_by_their_weights()
    {
        var builder = new NetworkBuilder("plain", new(3, 8, 8));
        builder.Linear("fc", builder.GlobalAveragePool("pool", builder.Relu("relu", builder.Convolution("conv", NetworkDefinition.InputName, 4, kernel: 3))), 3);
        using var network = TinyNetworks.Trainable(builder.Build());
        using var scope = torch.NewDisposeScope();
        using var taylor = new TaylorImportance(ChannelGroups.Of(network.Definition), network, GroupReduction.Mean);
        network.Module.train();
        torch.nn.functional.cross_entropy(network.Module.call(TinyNetworks.Pictures(network.Definition, 4)), torch.tensor(new long[] { 0, 1, 2, 0 })).backward();
        taylor.Gather();
        var weight = network.Tensors["conv.weight"];
        var expected = (weight.detach() * weight.grad!).contiguous().view(4, -1).sum(1).abs().to(torch.float64).data<double>().ToArray();
        Assert.That(taylor.Score(1), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Taylor_averages_over_the_observations_of_the_last_epoch()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        using var taylor = new TaylorImportance(ChannelGroups.Of(network.Definition), network, GroupReduction.Mean);
        double Observe(double gradient)
        {
            network.Norms.Values.fill_(1);
            network.Norms.Gradients.fill_(gradient); // each norm gives |g + g|
            taylor.Gather();
            return taylor.Score(observationsPerEpoch: 2)[0];
        }
        Assert.That(Observe(1), Is.EqualTo(2).Within(1e-6));
        Assert.That(Observe(3), Is.EqualTo(4).Within(1e-6));
        Assert.That(Observe(5), Is.EqualTo(8).Within(1e-6), "the first observation is an epoch old and gone");
    }
}
