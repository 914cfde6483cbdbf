namespace Microsoft.ML.PaT;

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum LearningRateDecay
{
    /// <summary>In a straight line to zero at the last step.</summary>
    Linear,

    /// <summary>Along half a cosine to zero at the last step.</summary>
    Cosine,
}
