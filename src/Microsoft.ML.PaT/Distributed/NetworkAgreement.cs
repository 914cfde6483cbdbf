using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Sees to it that all ranks have the same network.</summary>
internal static class NetworkAgreement
{
    /// <summary>Gives all ranks the network of rank 0: values, optimiser state and running statistics.</summary>
    /// <param name="ranks">All ranks.</param>
    /// <param name="network">The network; of the same definition everywhere.</param>
    public static void Share(ProcessGroup ranks, TrainableNetwork network)
    {
        using var noGradient = no_grad();
        foreach (var tensor in State(network)) ranks.Broadcast(tensor);
    }

    /// <summary>Gives running statistics their mean over the ranks: each has seen its own part of every batch.</summary>
    public static void AverageStatistics(ProcessGroup ranks, TrainableNetwork network)
    {
        using var noGradient = no_grad();
        foreach (var tensor in All(network.Statistics)) ranks.Average(tensor);
    }

    /// <summary>Compares the networks of all ranks, bit for bit.</summary>
    /// <param name="ranks">All ranks.</param>
    /// <param name="network">The network.</param>
    /// <param name="when">When that is, for the message.</param>
    /// <exception cref="RanksException">They differ.</exception>
    public static void Require(ProcessGroup ranks, TrainableNetwork network, string when)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in State(network)) hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        ranks.RequireSame($"the network {when}", new Dictionary<string, string>
        {
            ["its widths"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(network.Definition.ToJson())))[..16],
            ["its weights and optimiser state"] = Convert.ToHexStringLower(hash.GetHashAndReset())[..16],
        });
    }

    private static IEnumerable<Tensor> State(TrainableNetwork network) => network.Flat.SelectMany(All);

    private static IEnumerable<Tensor> All(FlatTensors flat) => [flat.Values, .. flat.StateParts.Order(StringComparer.Ordinal).Select(flat.State)];
}
