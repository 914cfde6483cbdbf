using Microsoft.ML.PaT.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class BatchNormFoldingTests
{
    [Test]
    public void One_channel_by_hand()
    {
        var builder = new NetworkBuilder("tiny", new(1, 1, 1));
        var x = builder.BatchNorm(
            "bn", builder.Convolution("conv", NetworkDefinition.InputName, 1, kernel: 1), epsilon: 0.25);
        builder.Linear("fc", x, 2);
        using var scope = NewDisposeScope();
        var (definition, weights) = BatchNormFolding.Fold(builder.Build(), new Dictionary<string, Tensor>
        {
            ["conv.weight"] = full([1, 1, 1, 1], 3f),
            ["bn.weight"] = full([1], 4f),
            ["bn.bias"] = full([1], 5f),
            ["bn.running_mean"] = full([1], 7f),
            ["bn.running_var"] = full([1], 3.75f),
            ["fc.weight"] = ones([2, 1]),
            ["fc.bias"] = zeros([2]),
        });
        // 4 / sqrt(3.75 + 0.25) = 2: the weight doubles, the bias is 2 (0 - 7) + 5.
        Assert.That(definition.Layers.Select(l => l.Name), Is.EqualTo(new[] { "conv", "fc" }));
        Assert.That(weights.Keys, Is.EquivalentTo(definition.Parameters.Select(p => p.Name)));
        Assert.That(weights["conv.weight"].item<float>(), Is.EqualTo(6));
        Assert.That(weights["conv.bias"].item<float>(), Is.EqualTo(-9));
        foreach (var tensor in weights.Values) tensor.Dispose();
    }

    [TestCase("resnet8")]
    [TestCase("mobilenet_v3_small")]
    [TestCase("preresnet110-cifar")]
    public void The_folded_network_computes_the_same(string name) =>
        Check(Networks.ByName(name).Build(new(3, 32, 32), 3));

    [Test]
    public void And_so_do_random_networks([Range(0, 30)] int seed) => Check(RandomNetwork.Build(seed));

    private static void Check(NetworkDefinition definition)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = TinyNetworks.Trainable(definition);
        network.Module.eval();
        var images = TinyNetworks.Images(definition, 2);
        var (folded, weights) = BatchNormFolding.Fold(definition, network.Tensors);
        using var module = new NetworkModule(folded, weights);
        module.eval();
        TensorAssert.Close(module.forward(images), network.Module.forward(images), 1e-4);
    }
}
