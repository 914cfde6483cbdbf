using System.Diagnostics;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>Equal runs in processes that disturb each other and share a cache that is empty.</summary>
[Platform("Linux")]
public sealed class EqualRunsTests
{
    /// <summary>A run in which everything that a machine could decide has its default.</summary>
    public static readonly PruningAwareTrainingOptions Options = new()
    {
        Network = Networks.ByName("resnet8"),
        Images = new() { RandomCropPadding = 1 },
        Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
        Training = new() { Epochs = 2, BatchSize = 16 },
        Threads = 1,
    };

    [Test]
    public void Three_processes_at_once_give_one_network()
    {
        using var cache = new TemporaryFolder();
        var processes = Enumerable.Range(0, 3).Select(_ => Start(cache.Name)).ToList();
        var weights = processes.ConvertAll(p => p.StandardOutput.ReadToEnd().Trim());
        foreach (var process in processes)
        {
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero);
            process.Dispose();
        }
        Assert.That(weights.Distinct().ToList(), Has.Count.EqualTo(1).And.All.Length.EqualTo(64));
    }

    private static Process Start(string cache)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(EqualRunsTests).Assembly.Location, "equal"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["XDG_CACHE_HOME"] = cache;
        return Process.Start(start)!;
    }
}
