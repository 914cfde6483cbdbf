namespace Microsoft.ML.PaT.Experiments;

/// <summary>Carries trials out.</summary>
internal interface ITrialRunner
{
    /// <summary>Names a trial: the same for the same options and images.</summary>
    string IdOf(PruningAwareTrainingOptions options);

    /// <summary>Trains a trial, from the beginning or from where it stands.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="until">Epochs after which it pauses, counted from its beginning; null for the end of its run.</param>
    /// <param name="stop">Stops it at the next step.</param>
    /// <returns>The trial: finished, paused or stopped.</returns>
    /// <remarks>What it throws makes the trial a failed one.</remarks>
    PruningTrial Run(PruningTrial trial, int? until, CancellationToken stop);

    /// <summary>Says that a trial will not be gone on with.</summary>
    void Release(PruningTrial trial);
}
