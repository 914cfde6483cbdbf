namespace Microsoft.ML.PaT;

/// <summary>Normalization that makes scores of different groups comparable.</summary>
public enum ScoreNormalization
{
    /// <summary>Each score is divided by the mean absolute score of its group.</summary>
    GroupMean,

    /// <summary>
    /// Each score is divided by the Euclidean norm of its group's scores (Molchanov et al., ICLR 2017), which favors
    /// narrow groups.
    /// </summary>
    GroupNorm,

    /// <summary>Scores are not changed.</summary>
    None,
}
