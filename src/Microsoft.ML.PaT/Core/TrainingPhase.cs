namespace Microsoft.ML.PaT;

/// <summary>What a pruning-aware run is doing.</summary>
public enum TrainingPhase
{
    /// <summary>Training the whole network and watching its sub-network.</summary>
    Dense,

    /// <summary>The epoch within which channels are removed.</summary>
    Pruning,

    /// <summary>Training the compact network.</summary>
    Compact,
}
