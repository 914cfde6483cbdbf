namespace Microsoft.ML.PaT.Experiments;

/// <summary>A trial with its model.</summary>
public sealed record PruningRunDetail : PruningTrial
{
    private readonly Lazy<PruningAwareTrainingTransformer> _model;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    internal PruningRunDetail(PruningTrial trial, TrialRunner runner)
        : base(trial) => _model = new(() => Load(trial, runner));

    /// <summary>
    /// The model, loaded at the first access and owned by the <see cref="PruningExperimentResult"/>. With
    /// cross-validation, the model of the most accurate fold; to train on all images, pass
    /// <see cref="PruningTrial.Options"/> to <c>ml.PaT().ImageClassification</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The trial has not finished.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public PruningAwareTrainingTransformer Model => _model.Value;

    internal void DisposeModel()
    {
        if (_model.IsValueCreated) _model.Value.Dispose();
    }

    private static PruningAwareTrainingTransformer Load(PruningTrial trial, TrialRunner runner) =>
        trial.State == TrialState.Finished
            ? runner.Load(trial)
            : throw new InvalidOperationException(
                $"There is no model of trial {trial.Number}, which is {trial.State}; only finished trials have one.");
}
