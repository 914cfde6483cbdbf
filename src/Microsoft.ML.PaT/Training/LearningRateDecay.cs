namespace Microsoft.ML.PaT;

/// <summary>How the learning rate falls.</summary>
public enum LearningRateDecay
{
    /// <summary>After the warm-up in a straight line to zero at the last step.</summary>
    Linear,

    /// <summary>After the warm-up along half a cosine to zero at the last step.</summary>
    Cosine,

    /// <summary>Without a warm-up: constant but for the epochs of <see cref="TrainingOptions.Milestones"/>, where it is multiplied by <see cref="TrainingOptions.Gamma"/>.</summary>
    Steps,
}
