using System.Net;
using System.Net.Sockets;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Ranks as threads of this process, over the same connections as processes have: what needs no killing needs no processes.</summary>
internal static class RankThreads
{
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static DistributedOptions Of(int rank, int size, int port, double seconds = 20) =>
        new() { Rank = rank, WorldSize = size, LocalRank = rank, MasterPort = port, Timeout = TimeSpan.FromSeconds(seconds), SynchronizeBatchNorm = true };

    /// <summary>Does something on each rank, and waits for all.</summary>
    /// <param name="size">How many ranks.</param>
    /// <param name="work">Is given the options of its rank.</param>
    /// <returns>What each returned, or threw.</returns>
    public static (T? Result, Exception? Error)[] Try<T>(int size, Func<DistributedOptions, T> work, double seconds = 20)
    {
        var port = FreePort();
        var outcomes = new (T?, Exception?)[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                torch.set_num_threads(1);
                outcomes[rank] = (work(Of(rank, size, port, seconds)), null);
            }
            catch (Exception e)
            {
                outcomes[rank] = (default, e);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        foreach (var thread in threads) Assert.That(thread.Join(TimeSpan.FromMinutes(2)), Is.True, "a rank hangs");
        return outcomes;
    }

    /// <summary>Does something in a group that must go well.</summary>
    public static T[] Run<T>(int size, Func<ProcessGroup, T> work) => [.. Try(size, options =>
    {
        using var group = ProcessGroup.Join(options, torch.CPU)!;
        try
        {
            return work(group);
        }
        catch (Exception e)
        {
            group.Fail(e);
            throw;
        }
    }).Select(o => o.Error is null ? o.Result! : throw new AssertionException(o.Error.ToString()))];

    /// <summary>A whole run on several ranks; on one, without a group.</summary>
    public static RankRun[] Train(int size, PruningAwareTrainingOptions options, int pictures = 96, int held = 30) => size == 1
        ? [new(options, null, pictures, held)]
        : Run(size, group => new RankRun(options with { Training = options.Training with { Distributed = group.Options } }, group, pictures, held));
}
