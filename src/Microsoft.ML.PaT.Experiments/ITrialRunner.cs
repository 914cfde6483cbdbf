namespace Microsoft.ML.PaT.Experiments;

internal interface ITrialRunner
{
    /// <summary>Returns the ID of a trial, which is the same for the same options and images.</summary>
    string IdOf(PruningAwareTrainingOptions options);

    /// <summary>
    /// Trains a trial from the beginning or from its last state. Exceptions make the trial a failed one.
    /// </summary>
    /// <param name="until">Total number of epochs after which to pause; null to train to the end.</param>
    /// <param name="stop">Stops the trial at the next step.</param>
    /// <returns>The finished, paused or stopped trial.</returns>
    PruningTrial Run(PruningTrial trial, int? until, CancellationToken stop);

    /// <summary>Releases the resources of a trial that will not continue.</summary>
    void Release(PruningTrial trial);
}
