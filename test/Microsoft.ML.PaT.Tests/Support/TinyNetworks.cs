using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Networks that are small enough to check by hand and to train in milliseconds.</summary>
internal static class TinyNetworks
{
    /// <summary>ResNet-8 for 8x8 images: all channel couplings of the CIFAR ResNets in three blocks.</summary>
    public static NetworkDefinition ResNet8(int classes = 3) => Networks.ByName("resnet8").Build(new(3, 8, 8), classes);

    /// <summary>
    /// A network on the CPU with random weights, norms and statistics, so that no value is 0 or 1 by chance.
    /// </summary>
    public static TrainableNetwork Trainable(
        NetworkDefinition definition, int seed = 1, torch.ScalarType type = torch.ScalarType.Float32)
    {
        using var generator = new torch.Generator((ulong)seed);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var weights = InitialWeights.Draw(definition, generator);
        var network = new TrainableNetwork(definition, weights, torch.CPU, type: type);
        foreach (var spec in definition.Parameters.Where(p => p.Role != ParameterRole.Weight))
        {
            var noise = torch.empty(spec.Shape).uniform_(0.5, 1.5, generator);
            network.Tensors[spec.Name].copy_(noise);
        }
        return network;
    }

    /// <summary>Random images, [n,C,H,W].</summary>
    public static torch.Tensor Images(NetworkDefinition definition, int n, int seed = 2)
    {
        using var generator = new torch.Generator((ulong)seed);
        var shape = definition.Input;
        return torch.empty(n, shape.Channels, shape.Height, shape.Width).normal_(0, 1, generator);
    }

    /// <summary>The network with the first half of every group.</summary>
    public static NetworkDefinition Half(NetworkDefinition definition)
    {
        var groups = ChannelGroups.Of(definition);
        var kept = groups.Groups.ToDictionary(g => g.Name, g => Half(g.Width));
        return new ChannelPruner(groups, new(kept)).Definition;

        int[] Half(int width) => [.. Enumerable.Range(0, Math.Max(1, width / 2))];
    }

    /// <summary>A plan that removes a fraction of all channels by random scores, ranked globally.</summary>
    public static PruningPlan RandomPlan(ChannelGroups groups, double ratio, int seed)
    {
        var random = new Random(seed);
        var scores =
            groups.Groups.SelectMany(g => Enumerable.Range(0, g.Width)).Select(_ => random.NextDouble()).ToArray();
        return ChannelRanking.Keep(
            groups, ChannelScores.Of(groups, scores, ScoreNormalization.None), (1 - ratio) * groups.Neurons, step: 1);
    }

    /// <summary>A plan that keeps a different random fraction of every group.</summary>
    public static PruningPlan RandomPlan(ChannelGroups groups, int seed)
    {
        var random = new Random(seed);
        return new(groups.Groups.ToDictionary(g => g.Name, g =>
        {
            var channels = Enumerable.Range(0, g.Width).ToArray();
            random.Shuffle(channels);
            return channels.Take(random.Next(1, g.Width + 1)).Order().ToArray();
        }));
    }
}
