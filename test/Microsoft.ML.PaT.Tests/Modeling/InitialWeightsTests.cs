using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Zoo;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class InitialWeightsTests
{
    [Test]
    public void Networks_with_layer_norms_are_initialized_as_in_their_papers()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        NetworkDefinition[] definitions =
        [
            VisionTransformer.Build("vit", new(3, 32, 32), 10, patch: 8, width: 64, depth: 2, heads: 4),
            ConvNeXt.Build("convnext", new(3, 32, 32), 10, widths: [32, 64], depths: [1, 1]),
        ];
        foreach (var definition in definitions)
        {
            var values = InitialWeights.Draw(definition, generator);
            foreach (var spec in definition.Parameters)
            {
                var value = values[spec.Name];
                var (mean, deviation) = (value.mean().item<float>(), value.square().mean().sqrt().item<float>());
                if (spec.Role is ParameterRole.Weight or ParameterRole.PositionEmbedding)
                {
                    // The relative error of the standard deviation of n values is 1 / sqrt(2n).
                    Assert.That(deviation, Is.EqualTo(0.02).Within(0.02 * 5 / Math.Sqrt(2.0 * spec.Count)), spec.Name);
                    Assert.That(mean, Is.Zero.Within(0.02 * 5 / Math.Sqrt(spec.Count)), spec.Name);
                    continue;
                }
                var expected =
                    spec.Role switch { ParameterRole.NormScale => 1, ParameterRole.LayerScale => 1e-6, _ => 0 };
                Assert.That((mean, deviation), Is.EqualTo(((float)expected, (float)expected)).Within(1e-9), spec.Name);
            }
        }
    }

    [Test]
    public void Other_networks_begin_with_his_distribution()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        var values = InitialWeights.Draw(Networks.ResNet20.Build(new(3, 32, 32), 10), generator);
        Assert.That(
            values["layer3.0.conv2.weight"].std().item<float>(), Is.EqualTo(Math.Sqrt(2.0 / (64 * 9))).Within(0.001));
        Assert.That(values["fc.weight"].abs().max().item<float>(), Is.EqualTo(1 / 8.0).Within(0.005));
    }

    [Test]
    public void Weight_decay_is_for_weights_alone()
    {
        foreach (var name in new[] { "vit_tiny_16", "convnext_tiny", "mobilenet_v3_small" })
        {
            var definition = TinyNetworks.Half(Networks.ByName(name).Build(new(3, 32, 32), 10));
            using var network = TinyNetworks.Trainable(definition);
            Assert.That(
                network.Decayed.Parameters.Keys,
                Is.EquivalentTo(definition.Parameters.Where(p => p.Role == ParameterRole.Weight).Select(p => p.Name)));
            Assert.That(
                network.Decayed.Parameters.Keys,
                Has.None.Matches("class_token|pos_embedding|layer_scale|bias|ln_|bn")
                    .And.None.Matches(@"^features\.0\.1"));
        }
    }
}
