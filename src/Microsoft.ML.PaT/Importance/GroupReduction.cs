namespace Microsoft.ML.PaT;

/// <summary>How the scores of the layers that share a channel become one.</summary>
public enum GroupReduction
{
    /// <summary>The mean over the layers: a channel shared by many layers weighs no more than one of its own.</summary>
    Mean,

    /// <summary>The sum over the layers, signs included, as the paper prints it: on small networks it empties the inner layers of the blocks (docs/decisions/score.md).</summary>
    Sum,
}
