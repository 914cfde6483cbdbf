using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Invariant of pruning: output and gradients of the compact network equal those of the dense network with masks after
/// its layers.
/// </summary>
internal static class SurgeryAssert
{
    /// <summary>Prunes a network with random weights and compares.</summary>
    /// <param name="dense">The network.</param>
    /// <param name="plan">Kept channels.</param>
    /// <param name="type">Precision. Outputs are compared to 1e-5 of the largest in float32; outputs and gradients to
    /// 1e-10 in float64, where rounding does not switch a ReLU and with it a whole gradient.</param>
    /// <param name="seed">Seed of weights and images.</param>
    public static NetworkDefinition Equal(
        NetworkDefinition dense, Func<ChannelGroups, PruningPlan> plan, torch.ScalarType type, int seed) =>
        Equal(dense, (groups, _) => plan(groups), type, seed);

    public static NetworkDefinition Equal(
        NetworkDefinition dense,
        Func<ChannelGroups, IReadOnlyDictionary<string, torch.Tensor>, PruningPlan> plan,
        torch.ScalarType type,
        int seed)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)seed);
        var groups = ChannelGroups.Of(dense);
        var values = InitialWeights.Draw(dense, generator);
        foreach (var spec in dense.Parameters.Where(p => p.Role != ParameterRole.Weight))
            values[spec.Name].uniform_(0.5, 1.5, generator);
        var pruner = new ChannelPruner(groups, plan(groups, values));

        using var masked = Module(dense, values, type);
        using var compact =
            Module(pruner.Definition, values.ToDictionary(v => v.Key, v => pruner.Gather(v.Key, v.Value)), type);
        var images = torch.empty(2, dense.Input.Channels, dense.Input.Height, dense.Input.Width)
            .normal_(0, 1, generator)
            .to(type);
        var (expected, actual) = (masked.Masked(images, pruner.Mask), compact.call(images));
        var exact = type == torch.float64;
        Assert.That(expected.detach().isfinite().all().item<bool>(), "the output is finite");
        TensorAssert.Close(actual, expected, exact ? 1e-10 : 1e-5);

        // A linear loss, whose gradient neither vanishes nor saturates with the size of the outputs.
        var direction = torch.empty(expected.shape).normal_(0, 1, generator).to(type);
        expected.mul(direction).sum().backward();
        actual.mul(direction).sum().backward();
        var reference = masked.Trained.ToDictionary(p => p.Key, p => p.Value.grad);
        var alive = 0;
        foreach (var (name, parameter) in compact.Trained)
        {
            var gradient = parameter.grad;
            // A layer that nothing reads has no gradient in either network.
            Assert.That(gradient is null, Is.EqualTo(reference[name] is null), name);
            if (gradient is null) continue;
            Assert.That(gradient.isfinite().all().item<bool>(), name);
            if (exact) TensorAssert.Close(gradient, pruner.Gather(name, reference[name]!), 1e-10);
            if (gradient.ne(0).any().item<bool>()) alive++;
        }
        Assert.That(alive, Is.GreaterThan(0), "some gradient flows");
        return pruner.Definition;
    }

    private static NetworkModule Module(
        NetworkDefinition definition, Dictionary<string, torch.Tensor> values, torch.ScalarType type)
    {
        var trainable = definition.Parameters.Where(p => p.Trainable).Select(p => p.Name).ToHashSet();
        var module = new NetworkModule(definition, values.ToDictionary(
            v => v.Key,
            v => v.Value.to(type).clone().requires_grad_(trainable.Contains(v.Key))));
        module.eval();
        return module;
    }
}
