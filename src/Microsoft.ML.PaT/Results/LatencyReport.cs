namespace Microsoft.ML.PaT.Results;

/// <summary>Time to score one batch on the training device.</summary>
/// <param name="DenseMs">Median milliseconds before pruning; null when it was not measured.</param>
/// <param name="CompactMs">
/// Median milliseconds after pruning; null when nothing was pruned or it was not measured.
/// </param>
/// <param name="PredictedMs">
/// The prediction of the layers' latency table for <paramref name="CompactMs"/>; null without a latency target at this
/// batch size.
/// </param>
internal sealed record LatencyReport(int Batch, double? DenseMs, double? CompactMs, double? PredictedMs)
{
    /// <summary>Batch sizes of every report: a single image, and a typical batch of a server.</summary>
    public const int One = 1, Many = 32;

    /// <summary>On a GPU, a small network takes about as long for one image as for many.</summary>
    private const double Tolerance = 1.1;

    /// <summary>A sentence if one image took longer than many, as on a busy machine; otherwise null.</summary>
    public static string? Remark(IReadOnlyList<LatencyReport> latencies)
    {
        var one = latencies.FirstOrDefault(l => l.Batch == One);
        var many = latencies.FirstOrDefault(l => l.Batch == Many);
        return one?.DenseMs > Tolerance * many?.DenseMs || one?.CompactMs > Tolerance * many?.CompactMs
            ? $"One image took longer than a batch of {Many}: the machine was busy with other programs, so the "
                + "latencies are not reliable."
            : null;
    }
}
