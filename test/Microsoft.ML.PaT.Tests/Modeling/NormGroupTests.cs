using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Tests;

public class NormGroupTests
{
    [Test]
    public void A_residual_block_is_a_step_for_each_norm_with_what_only_it_feeds()
    {
        var groups = NormGroup.Of(TinyNetworks.ResNet8()).ToDictionary(g => g.Norm.Name);
        Assert.That(groups["bn1"].Layers.Select(l => l.Name), Is.EqualTo(new[] { "bn1", "relu" }));
        var end = groups["layer1.0.bn2"];
        Assert.That(
            (end.Add, end.Activation, end.Inputs.Count),
            Is.EqualTo((end.Add, end.Activation, 2)).And.Not.EqualTo(((AddLayer?)null, (ActivationLayer?)null, 2)));
        Assert.That(groups.Values.Select(g => g.Last.Name), Is.Unique);
    }

    [Test]
    public void A_value_that_others_read_too_stays_as_it_is()
    {
        var net = new NetworkBuilder("n", new(3, 8, 8));
        var norm = net.BatchNorm("norm", net.Convolution("conv", NetworkDefinition.InputName, 4, kernel: 3));
        var relu = net.Relu("relu", norm);
        var sum = net.Sum("sum", norm, relu);
        net.Linear("fc", net.GlobalAveragePool("pool", sum), outputs: 2);
        Assert.That(NormGroup.Of(net.Build()).Single().Layers.Select(l => l.Name), Is.EqualTo(new[] { "norm" }));
    }

    [Test]
    public void A_sum_that_others_read_too_ends_its_step()
    {
        var net = new NetworkBuilder("n", new(3, 8, 8));
        var first = net.Convolution("conv", NetworkDefinition.InputName, 4, kernel: 3);
        var sum = net.Sum("sum", first, net.BatchNorm("norm", net.Convolution("conv2", first, 4, kernel: 3)));
        var other = net.Sum("other", sum, net.Relu("relu", sum));
        net.Linear("fc", net.GlobalAveragePool("pool", other), outputs: 2);
        var group = NormGroup.Of(net.Build()).Single();
        Assert.That(group.Layers.Select(l => l.Name), Is.EqualTo(new[] { "norm", "sum" }));
        Assert.That(group.Inputs, Is.EqualTo(new[] { "conv2", "conv" }));
    }

    [Test]
    public void Two_norms_of_one_sum_share_it_once()
    {
        var net = new NetworkBuilder("n", new(3, 8, 8));
        var one = net.BatchNorm("norm1", net.Convolution("conv1", NetworkDefinition.InputName, 4, kernel: 3));
        var other = net.BatchNorm("norm2", net.Convolution("conv2", NetworkDefinition.InputName, 4, kernel: 3));
        net.Linear("fc", net.GlobalAveragePool("pool", net.Relu("relu", net.Sum("sum", one, other))), outputs: 2);
        Assert.That(
            NormGroup.Of(net.Build()).Select(g => string.Join(' ', g.Layers.Select(l => l.Name))),
            Is.EqualTo(new[] { "norm1 sum relu", "norm2" }));
    }
}
