namespace Microsoft.ML.PaT;

/// <summary>Decay of the learning rate.</summary>
public enum LearningRateDecay
{
    /// <summary>Linear, after the warm-up; zero would follow the last step.</summary>
    Linear,

    /// <summary>Half a cosine, after the warm-up; zero would follow the last step.</summary>
    Cosine,

    /// <summary>
    /// No warm-up. The rate is constant, and is multiplied by <see cref="TrainingOptions.Gamma"/> at each of
    /// <see cref="TrainingOptions.Milestones"/>.
    /// </summary>
    Steps,
}
