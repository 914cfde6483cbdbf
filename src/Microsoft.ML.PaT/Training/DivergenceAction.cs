namespace Microsoft.ML.PaT;

/// <summary>What a run does when its loss or a gradient is no longer finite.</summary>
public enum DivergenceAction
{
    /// <summary>Stops with a <see cref="TrainingDivergedException"/>.</summary>
    Stop,

    /// <summary>Goes back to the last checkpoint with half of the learning rate, up to three times; then stops.</summary>
    RollBack,
}
