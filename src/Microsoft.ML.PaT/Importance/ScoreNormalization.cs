namespace Microsoft.ML.PaT;

/// <summary>How scores of different groups are made comparable before they are ranked together.</summary>
public enum ScoreNormalization
{
    /// <summary>Each score is divided by the mean of its group.</summary>
    GroupMean,

    /// <summary>Scores are ranked as they are.</summary>
    None,
}
