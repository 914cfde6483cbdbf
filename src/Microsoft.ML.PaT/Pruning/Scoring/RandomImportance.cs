using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>Random scores from 0 to 1. The same network gets the same ones each time, so that watching a run, or resuming it, changes nothing.</summary>
internal sealed class RandomImportance(ChannelGroups groups, int seed) : Importance
{
    /// <summary>Keeps the scores apart from the initial weights, which come from the seed itself.</summary>
    private const ulong Stream = 0x72616e64;

    public override Tensor Score(int stretches)
    {
        using var generator = new Generator((ulong)seed ^ Stream);
        return rand(groups.Groups.Sum(g => g.Width), generator: generator);
    }
}
