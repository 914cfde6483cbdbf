namespace Microsoft.ML.PaT;

/// <summary>
/// Reduction of the scores of the layers that share a channel. If several outputs of a layer belong to a channel
/// (grouped convolutions, attention heads), each counts.
/// </summary>
public enum GroupReduction
{
    /// <summary>Mean over the layers, so that the number of layers has no effect.</summary>
    Mean,

    /// <summary>
    /// Sum over the layers, including signs (<see cref="Importance.Taylor"/> uses the absolute value of the sum), as in
    /// the papers. On small networks, it removes most of the inner layers of blocks (docs/decisions/score.md).
    /// </summary>
    Sum,

    /// <summary>Maximum over the layers: a channel is kept if one layer needs it.</summary>
    Max,
}
