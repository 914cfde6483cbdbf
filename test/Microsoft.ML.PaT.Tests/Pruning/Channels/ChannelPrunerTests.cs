using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class ChannelPrunerTests
{
    private static readonly int[] s_seeds = [1, 2, 3, 4, 5];

    [TestCaseSource(nameof(s_seeds))]
    public void The_compact_network_computes_what_the_masked_dense_one_does(int seed)
    {
        using var dense = TinyNetworks.Trainable(Networks.ResNet20.Build(new(3, 16, 16), 10), seed);
        var (pruner, compact) = Prune(dense, seed);
        using (compact)
        using (torch.NewDisposeScope())
        using (torch.no_grad())
        {
            dense.Module.eval();
            compact.Module.eval();
            var images = TinyNetworks.Images(dense.Definition, 4);
            TensorAssert.Close(compact.Module.call(images), dense.Module.Masked(images, pruner.Mask), 1e-5);
        }
    }

    [TestCaseSource(nameof(s_seeds))]
    public void Gradients_on_kept_channels_are_those_of_the_masked_dense_network(int seed)
    {
        using var dense = TinyNetworks.Trainable(TinyNetworks.ResNet8(), seed);
        var (pruner, compact) = Prune(dense, seed);
        using (compact)
        using (torch.NewDisposeScope())
        {
            dense.Module.eval();
            compact.Module.eval();
            var images = TinyNetworks.Images(dense.Definition, 4);
            var labels = torch.tensor(new long[] { 0, 1, 2, 1 });
            torch.nn.functional.cross_entropy(dense.Module.Masked(images, pruner.Mask), labels).backward();
            torch.nn.functional.cross_entropy(compact.Module.call(images), labels).backward();
            foreach (var (name, parameter) in compact.Module.Trained)
                TensorAssert.Close(parameter.grad!, pruner.Gather(name, dense.Tensors[name].grad!), 1e-4);
        }
    }

    [Test]
    public void Momentum_is_gathered_like_the_weights()
    {
        using var dense = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        dense.Decayed.State("momentum").copy_(torch.arange(dense.Decayed.Values.numel()).to(torch.float32));
        dense.Undecayed.State("momentum").copy_(torch.arange(dense.Undecayed.Values.numel()).to(torch.float32));
        var groups = ChannelGroups.Of(dense.Definition);
        var plan = TinyNetworks.RandomPlan(groups, 7);
        var (_, compact) = Prune(dense, 7);
        using (compact)
        {
            var kept = plan.Kept["layer2.0.conv1"].Select(c => (long)c).ToArray();
            var stem = plan.Kept["conv1"].Select(c => (long)c).ToArray();
            var expected = dense.Decayed.StateOf("momentum", "layer2.0.conv1.weight")
                .index_select(0, torch.tensor(kept))
                .index_select(1, torch.tensor(stem));
            TensorAssert.Close(compact.Decayed.StateOf("momentum", "layer2.0.conv1.weight"), expected, 0);
            TensorAssert.Close(
                compact.Undecayed.StateOf("momentum", "layer2.0.bn1.weight"),
                dense.Undecayed.StateOf("momentum", "layer2.0.bn1.weight").index_select(0, torch.tensor(kept)),
                0);
        }
    }

    [Test]
    public void Every_live_parameter_is_trained_after_the_cut()
    {
        using var dense = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var (_, compact) = Prune(dense, 3);
        using (compact)
        using (torch.NewDisposeScope())
        {
            var before = compact.Module.Trained.ToDictionary(p => p.Key, p => p.Value.detach().clone());
            compact.Module.train();
            var loss = torch.nn.functional.cross_entropy(
                compact.Module.call(TinyNetworks.Images(dense.Definition, 6)),
                torch.tensor(new long[] { 0, 1, 2, 0, 1, 2 }));
            loss.backward();
            NetworkOptimizer.Of(new()).Step(compact, new(0.1, 0.9));
            foreach (var (name, parameter) in compact.Module.Trained)
                Assert.That(parameter.detach().eq(before[name]).all().item<bool>(), Is.False, name);
            Assert.That(before, Has.Count.EqualTo(compact.Definition.Parameters.Count(p => p.Trainable)));
        }
    }

    [Test]
    public void The_old_network_is_not_changed()
    {
        using var dense = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        var before = dense.Tensors.ToDictionary(t => t.Key, t => t.Value.detach().clone());
        Prune(dense, 5).Compact.Dispose();
        foreach (var (name, tensor) in dense.Tensors) TensorAssert.Close(tensor, before[name], 0);
    }

    [Test]
    public void Widths_are_those_of_the_plan_and_costs_fall()
    {
        var definition = Networks.ResNet20.Build(new(3, 32, 32), 10);
        var groups = ChannelGroups.Of(definition);
        var half =
            new PruningPlan(groups.Groups.ToDictionary(g => g.Name, g => Enumerable.Range(0, g.Width / 2).ToArray()));
        var compact = new ChannelPruner(groups, half).Definition;
        Assert.That(compact.OutputShape("layer3.2.conv2").Channels, Is.EqualTo(32));
        Assert.That(NetworkCost.Of(compact).Parameters, Is.EqualTo(68_786)); // uniform 8/16/32, counted in PyTorch too
    }

    [Test]
    public void A_plan_that_empties_a_group_is_refused()
    {
        var groups = ChannelGroups.Of(TinyNetworks.ResNet8());
        var plan = new PruningPlan(
            groups.Groups.ToDictionary(
                g => g.Name, g => g.Name == "conv1" ? [] : Enumerable.Range(0, g.Width).ToArray()));
        Assert.That(
            () => new ChannelPruner(groups, plan),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("'conv1'"));
    }

    private static (ChannelPruner ChannelPruner, TrainableNetwork Compact) Prune(TrainableNetwork dense, int seed)
    {
        var groups = ChannelGroups.Of(dense.Definition);
        var pruner = new ChannelPruner(groups, TinyNetworks.RandomPlan(groups, seed));
        return (pruner, dense.Prune(pruner));
    }
}
