namespace Microsoft.ML.PaT;

/// <summary>Phase of a pruning-aware run.</summary>
public enum TrainingPhase
{
    /// <summary>Training of the dense network; its sub-network is observed.</summary>
    Dense,

    /// <summary>The epoch in which channels are removed.</summary>
    Pruning,

    /// <summary>Training of the compact network.</summary>
    Compact,
}
