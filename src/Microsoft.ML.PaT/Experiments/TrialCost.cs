namespace Microsoft.ML.PaT.Experiments;

/// <summary>What a model of an experiment costs.</summary>
public enum TrialCost
{
    /// <summary>Milliseconds to score a batch, <see cref="PruningTrial.LatencyMs"/>.</summary>
    Latency,

    /// <summary>Multiply-accumulates for one image, <see cref="PruningTrial.Macs"/>.</summary>
    Macs,

    /// <summary>Trainable parameters, <see cref="PruningTrial.Parameters"/>.</summary>
    Parameters,
}
