using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.PaT.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>Keeps the networks of all ranks equal.</summary>
internal static class NetworkAgreement
{
    /// <summary>Overwrites the network with that of rank 0: values, optimizer state, running statistics.</summary>
    /// <param name="ranks">All ranks.</param>
    /// <param name="network">Must have the same definition on every rank.</param>
    public static void Broadcast(this Communicator ranks, TrainableNetwork network)
    {
        if (ranks.Size > 1) InHostMemory(State(network), ranks.Broadcast);
    }

    /// <summary>
    /// Averages the running statistics over the ranks, because each rank has another slice of every batch.
    /// </summary>
    public static void AverageStatistics(this Communicator ranks, TrainableNetwork network)
    {
        if (ranks.Size == 1) return;
        InHostMemory(All(network.Statistics), bytes =>
        {
            var values = MemoryMarshal.Cast<byte, float>(bytes);
            ranks.AllReduce(values, Reduction.Sum);
            foreach (ref var value in values) value /= ranks.Size;
        });
    }

    /// <summary>Compares the networks of all ranks bit by bit.</summary>
    /// <param name="ranks">All ranks.</param>
    /// <exception cref="DistributedTrainingException">The networks differ.</exception>
    public static void RequireSame(this Communicator ranks, TrainableNetwork network, string when)
    {
        if (ranks.Size == 1) return;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var scope = NewDisposeScope();
        foreach (var tensor in State(network)) hash.AppendData(tensor.detach().cpu().bytes);
        ranks.RequireSame(
            $"networks {when}",
            new Dictionary<string, string>
            {
                ["the hash of the definition"] = Convert.ToHexStringLower(
                    SHA256.HashData(Encoding.UTF8.GetBytes(network.Definition.ToJson())))[..16],
                ["the hash of weights and optimizer state"] = Convert.ToHexStringLower(hash.GetHashAndReset())[..16],
            });
    }

    private delegate void Change(Span<byte> bytes);

    /// <summary>Changes flat tensors; those of a GPU are copied through host memory.</summary>
    private static void InHostMemory(IEnumerable<Tensor> tensors, Change change)
    {
        using var noGradient = no_grad();
        foreach (var tensor in tensors)
        {
            using var host = tensor.detach().cpu();
            change(host.bytes);
            if (tensor.device_type != DeviceType.CPU) tensor.copy_(host);
        }
    }

    private static IEnumerable<Tensor> State(TrainableNetwork network) => network.Flat.SelectMany(All);

    private static IEnumerable<Tensor> All(FlatTensors flat) =>
        [flat.Values, .. flat.StateParts.Order(StringComparer.Ordinal).Select(flat.State)];
}
