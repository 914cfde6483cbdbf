using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// The same network gets the same scores each time, so that observing or resuming a run changes nothing.
/// </summary>
internal sealed record RandomImportance : Importance
{
    /// <summary>Separates the scores from the initial weights, which come from the seed itself.</summary>
    private const ulong Stream = 0x72616e64;

    public override string Name => "random";

    public override Tensor Score(ImportanceContext context)
    {
        using var generator = new Generator((ulong)context.Seed ^ Stream);
        return rand(context.Channels, dtype: float32, generator: generator);
    }
}
