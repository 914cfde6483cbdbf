using System.Reflection;
using System.Text.Json;
using Microsoft.ML.PaT.Internal;
using TorchSharp;

namespace Microsoft.ML.PaT.Distributed;

/// <summary>Checks that values are equal on all ranks, and distributes those of rank 0.</summary>
internal static class Agreement
{
    private const int MostDifferences = 10;

    /// <param name="ranks">All ranks.</param>
    /// <param name="own">Values of this rank by name.</param>
    /// <exception cref="DistributedTrainingException">The values differ. Every rank throws, with the differences from
    /// rank 0.</exception>
    public static void RequireSame(this Communicator ranks, string what, IReadOnlyDictionary<string, string> own)
    {
        if (ranks.Size == 1) return;
        var all = Array.ConvertAll(ranks.AllGather(JsonSerializer.Serialize(own)), text =>
            JsonSerializer.Deserialize<Dictionary<string, string>>(text)!);
        var differences = (from r in Enumerable.Range(1, ranks.Size - 1)
                           from name in all[0].Keys.Union(all[r].Keys)
                           let first = all[0].GetValueOrDefault(name, "absent")
                           let other = all[r].GetValueOrDefault(name, "absent")
                           where first != other
                           select $"{name} is {other} on rank {r} and {first} on rank 0").ToList();
        if (differences.Count == 0) return;
        var rest = differences.Count > MostDifferences ? $"; and {differences.Count - MostDifferences} more" : "";
        throw new DistributedTrainingException(
            ErrorCodes.RanksDiffer,
            $"The ranks have different {what}: {string.Join("; ", differences.Take(MostDifferences))}{rest}. Start "
                + "all of them with the same program, options and data.");
    }

    /// <summary>Compares the programs, before they exchange anything that depends on their version.</summary>
    /// <exception cref="DistributedTrainingException">Versions differ. Every rank throws.</exception>
    public static void RequireSameVersions(this Communicator ranks)
    {
        TorchLibrary.Require();
        var library = typeof(Agreement).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        ranks.RequireSame("versions", new Dictionary<string, string>
        {
            ["the library's version"] = library?.InformationalVersion ?? "unknown",
            ["libtorch's version"] = torch.__version__,
            ["the MPI library"] = ranks.Library,
        });
    }

    /// <summary>Returns the bytes made on rank 0 to every rank.</summary>
    /// <param name="ranks">All ranks.</param>
    /// <param name="make">Called on rank 0 only.</param>
    /// <param name="patience">Factor on the timeout of the other ranks.</param>
    public static byte[] FromFirst(this Communicator ranks, Func<byte[]> make, int patience = 1)
    {
        var made = ranks.IsFirst ? make() : null;
        ranks.Barrier(patience);
        return ranks.Broadcast(made);
    }
}
