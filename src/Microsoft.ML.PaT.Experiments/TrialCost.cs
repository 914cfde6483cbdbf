namespace Microsoft.ML.PaT.Experiments;

/// <summary>Cost of a trial's model.</summary>
public enum TrialCost
{
    /// <summary>Milliseconds to score a batch, <see cref="PruningTrial.LatencyMs"/>.</summary>
    Latency,

    /// <summary>Multiply-accumulates per image, <see cref="PruningTrial.Macs"/>.</summary>
    Macs,

    /// <summary>Trainable parameters, <see cref="PruningTrial.Parameters"/>.</summary>
    Parameters,
}
