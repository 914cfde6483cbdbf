namespace Microsoft.ML.PaT;

/// <summary>
/// How the scores of the layers that share a channel become one. A layer that must give up several outputs for a channel
/// (grouped convolutions, attention heads) counts once for each.
/// </summary>
public enum GroupReduction
{
    /// <summary>The mean over the layers: a channel shared by many layers weighs no more than one of its own.</summary>
    Mean,

    /// <summary>
    /// The sum over the layers, signs included (<see cref="Importance.Taylor"/> takes the absolute value of the sum), as
    /// the papers print it: on small networks it empties the inner layers of the blocks (docs/decisions/score.md).
    /// </summary>
    Sum,

    /// <summary>The maximum over the layers: a channel stays if one layer needs it.</summary>
    Max,
}
