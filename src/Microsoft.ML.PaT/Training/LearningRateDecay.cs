namespace Microsoft.ML.PaT;

/// <summary>Decay of the learning rate.</summary>
public enum LearningRateDecay
{
    /// <summary>Linear to zero at the last step, after the warm-up.</summary>
    Linear,

    /// <summary>Half a cosine to zero at the last step, after the warm-up.</summary>
    Cosine,

    /// <summary>
    /// No warm-up. The rate is constant, and is multiplied by <see cref="TrainingOptions.Gamma"/> at each of
    /// <see cref="TrainingOptions.Milestones"/>.
    /// </summary>
    Steps,
}
