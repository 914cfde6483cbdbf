namespace Microsoft.ML.PaT;

/// <summary>How scores of different groups are made comparable before they are ranked together.</summary>
public enum ScoreNormalization
{
    /// <summary>Each score is divided by the mean absolute score of its group.</summary>
    GroupMean,

    /// <summary>Each score is divided by the Euclidean norm of the scores of its group (Molchanov et al., ICLR 2017): narrow groups come out higher.</summary>
    GroupNorm,

    /// <summary>Scores are ranked as they are.</summary>
    None,
}
