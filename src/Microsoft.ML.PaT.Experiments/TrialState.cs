namespace Microsoft.ML.PaT.Experiments;

/// <summary>State of a trial.</summary>
public enum TrialState
{
    /// <summary>Trained to its end.</summary>
    Finished,

    /// <summary>Excluded by halving. The accuracy is that of the last comparison; there is no model.</summary>
    Paused,

    /// <summary>
    /// Stopped by cancellation or the time budget. An experiment that is started again in the same folder resumes the
    /// trial.
    /// </summary>
    Stopped,

    /// <summary>
    /// Ended with an exception. An experiment that is started again in the same folder tries the trial again.
    /// </summary>
    Failed,
}
