using System.Diagnostics;
using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>Finding the groups of a network.</summary>
internal static class GroupAnalysis
{
    /// <summary>The median over some runs.</summary>
    public static double Milliseconds(string name, int n)
    {
        var architecture = Networks.ByName(name);
        var definition = architecture.Build(architecture.StandardInput, 1000);
        ChannelGroups.Of(definition);
        return WholePruning.Median(Enumerable.Range(0, n).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            ChannelGroups.Of(definition);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }));
    }
}
