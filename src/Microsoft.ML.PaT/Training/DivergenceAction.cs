namespace Microsoft.ML.PaT;

/// <summary>Action when the loss is above 10,000, or it or a gradient is not finite.</summary>
public enum DivergenceAction
{
    /// <summary>Throws <see cref="TrainingDivergedException"/>.</summary>
    Stop,

    /// <summary>
    /// Returns to the last checkpoint with half the learning rate, up to three times, and then throws.
    /// </summary>
    RollBack,
}
