using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training;
using NUnit.Framework.Internal;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Training continues after pruning as if the channels had only been masked: the optimizer has every parameter and its
/// state. After ten steps, values, running statistics and momentum equal those of the masked dense network after the
/// same steps. Uses float64, where the rounding of ten steps is far below the tolerance. Dropout and stochastic depth
/// are off, because they would draw different numbers.
/// </summary>
public class TrainingAfterPruningTests
{
    private const int StepsBefore = 3, StepsAfter = 10, Images = 4;
    private const double Tolerance = 1e-8;

    // Projections, zero shortcuts, groups, squeeze-and-excitation, splits and shuffles, dense concatenation.
    private static readonly string[] s_some =
        ["resnet20-cifar", "resnet20-cifar-a", "mobilenet_v3_small", "shufflenet_v2_x0_5", "squeezenet1_1_bn"];
    private static readonly string[] s_others =
    [
        "resnext50_32x4d", "densenet121", "densenet40-cifar", "googlenet", "efficientnet_b0", "mobilenet_v2",
        "preresnet110-cifar", "vgg11-bn-cifar",
    ];

    [TestCaseSource(nameof(s_some))]
    public void Ten_steps_of_the_compact_network_are_those_of_the_masked_dense_one(string name) => Check(name);

    // Not LARS, which uses the norm of whole tensors, including masked channels.
    [TestCase("resnet20-cifar")]
    [TestCase("mobilenet_v3_small")]
    public void Ten_steps_are_the_same_with_AdamW(string name) => Check(name, Optimizer.AdamW);

    [TestCaseSource(nameof(s_others)), Category("Long")]
    public void Ten_steps_are_the_same_on_large_networks(string name) => Check(name);

    [Test]
    public void Ten_steps_are_the_same_on_random_networks()
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(30).WithReplay(1, 1);
        Prop.ForAll(RandomNetwork.Arbitrary, recipe =>
        {
            using (new TestExecutionContext.IsolatedContext()) Check(recipe.Build());
        }).Check(config);
    }

    private static void Check(string name, Optimizer which = Optimizer.Sgd) =>
        Check(Networks.ByName(name).Build(name.Contains("-cifar") ? new(3, 32, 32) : new(3, 64, 64), 10), which);

    private static void Check(NetworkDefinition definition, Optimizer which = Optimizer.Sgd)
    {
        torch.set_default_dtype(torch.float64);
        try
        {
            using var scope = torch.NewDisposeScope();
            var optimizer = NetworkOptimizer.Of(new() { Optimizer = which });
            using var dense = TinyNetworks.Trainable(WithoutNoise(definition), type: torch.float64);
            for (var step = 0; step < StepsBefore; step++) Step(dense, mask: null, step);
            var groups = ChannelGroups.Of(dense.Definition);
            var pruner = new ChannelPruner(groups, TinyNetworks.RandomPlan(groups, seed: 1));
            using var compact = dense.Prune(pruner);
            RequireTheSame(0);
            for (var step = StepsBefore; step < StepsBefore + StepsAfter; step++)
            {
                Step(dense, pruner.Mask, step);
                Step(compact, mask: null, step);
            }
            RequireTheSame(Tolerance);
            RequireAllInTheOptimizer(compact, optimizer);

            void Step(TrainableNetwork network, Func<string, IReadOnlyList<float>>? mask, int step)
            {
                using var inner = torch.NewDisposeScope();
                network.Module.train();
                var images = TinyNetworks.Images(network.Definition, Images, seed: step);
                var labels = torch.arange(Images).remainder(3);
                var logits = mask is null ? network.Module.call(images) : network.Module.Masked(images, mask);
                torch.nn.functional.cross_entropy(logits, labels).backward();
                // Some networks have outputs, and so gradients, of thousands: small steps keep all of them from
                // diverging.
                var largest = network.Decayed.Gradients.abs().max().item<double>();
                optimizer.Step(network, new(1e-3 / Math.Max(1, Math.Round(largest)), Momentum: 0.9));
                WeightAverage.Update(network, decay: 0.9);
            }

            void RequireTheSame(double tolerance)
            {
                foreach (var spec in compact.Definition.Parameters)
                {
                    TensorAssert.Close(
                        compact.Tensors[spec.Name], pruner.Gather(spec.Name, dense.Tensors[spec.Name]), tolerance);
                }
                foreach (var (small, large) in compact.Flat.Zip(dense.Flat))
                {
                    Assert.That(small.StateParts, Is.EquivalentTo(large.StateParts).And.Not.Empty);
                    foreach (var part in small.StateParts)
                    {
                        foreach (var name in small.Names)
                        {
                            TensorAssert.Close(
                                small.StateOf(part, name), pruner.Gather(name, large.StateOf(part, name)), tolerance);
                        }
                    }
                }
            }
        }
        finally
        {
            torch.set_default_dtype(torch.float32);
        }
    }

    /// <summary>A gradient of 1 in every parameter of the module must change every value.</summary>
    private static void RequireAllInTheOptimizer(TrainableNetwork network, NetworkOptimizer optimizer)
    {
        var parameters = network.Module.Trained.ToDictionary();
        Assert.That(
            parameters.Keys,
            Is.EquivalentTo(network.Definition.Parameters.Where(p => p.Trainable).Select(p => p.Name)));
        var before = parameters.ToDictionary(p => p.Key, p => p.Value.detach().clone());
        foreach (var parameter in parameters.Values) parameter.grad!.fill_(1);
        optimizer.Step(network, new(0.1, Momentum: 0.9));
        foreach (var (name, parameter) in parameters)
            Assert.That(parameter.detach().ne(before[name]).all().item<bool>(), name);
    }

    private static NetworkDefinition WithoutNoise(NetworkDefinition definition) =>
        new(
            definition.Name,
            definition.Input,
            [
                .. definition.Layers.Select(l =>
                    l switch
                    {
                        DropoutLayer dropout => dropout with { Rate = 0 },
                        StochasticDepthLayer depth => depth with { Rate = 0 },
                        _ => l,
                    }),
            ]);
}
