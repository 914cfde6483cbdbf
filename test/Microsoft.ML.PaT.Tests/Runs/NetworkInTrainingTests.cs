using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class NetworkInTrainingTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void Nothing_of_the_dense_network_is_alive_after_pruning_unless_it_teaches(bool teaches)
    {
        using var scope = torch.NewDisposeScope();
        using var images = TinyImages.Store(12);
        var options =
            new PruningAwareTrainingOptions { Pruning = new() { RoundTo = 1, Distillation = teaches ? new() : null } };
        var groups = ChannelGroups.Of(TinyNetworks.ResNet8());
        var planner = new TargetPlanner(options.Pruning.Budget, groups, 1, () => throw new InvalidOperationException());

        var before = LiveTensors.Before();
        var dense = Stepped(groups.Definition);
        var ofDense = torch.Tensor.TotalCount - before;
        torch.Tensor[] buffers =
        [
            .. dense.Flat.SelectMany(f => f.StateParts.Select(f.State).Append(f.Values)),
            dense.Decayed.Gradients, dense.Undecayed.Gradients, .. dense.Tensors.Values,
        ];
        var network = new NetworkInTraining(options, images, TinyClassifiers.Normalization, groups, planner, dense);
        network.Prune(TinyNetworks.RandomPlan(groups, seed: 3));
        var afterPruning = torch.Tensor.TotalCount - before;
        var definition = network.Definition;
        network.Dispose();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(before));
        Assert.That(buffers.Where(b => !b.IsInvalid), Is.Empty, "who views a buffer keeps all of its bytes");

        using var compact =
            new NetworkInTraining(options, images, TinyClassifiers.Normalization, groups, planner, Stepped(definition));
        var ofTeacher = teaches ? ofDense - StateTensors(dense) : 0;
        Assert.That(
            afterPruning,
            Is.EqualTo(torch.Tensor.TotalCount - before + ofTeacher),
            "as many tensors as a network has that was never larger");
    }

    private static int StateTensors(TrainableNetwork network) => network.Flat.Sum(f => f.StateParts.Count);

    /// <summary>A network with momentum and an average.</summary>
    private static TrainableNetwork Stepped(NetworkDefinition definition)
    {
        var network = TinyNetworks.Trainable(definition);
        NetworkOptimizer.Of(new()).Step(network, new(0.1, 0.9));
        WeightAverage.Update(network, 0.9);
        return network;
    }
}
