namespace Microsoft.ML.PaT.Experiments;

/// <summary>How far a trial of an experiment came.</summary>
public enum TrialState
{
    /// <summary>Trained to its end.</summary>
    Finished,

    /// <summary>Halving left it behind: its accuracy is that of the last comparison, and there is no model.</summary>
    Paused,

    /// <summary>Cancellation or the end of the time budget came first; the next start of an experiment in the same folder goes on with it.</summary>
    Stopped,

    /// <summary>It threw an exception; the next start tries again.</summary>
    Failed,
}
