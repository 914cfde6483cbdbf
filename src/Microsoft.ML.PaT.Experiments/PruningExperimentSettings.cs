namespace Microsoft.ML.PaT.Experiments;

/// <summary>Settings of an experiment: common options, search space, strategy, limits and folder.</summary>
public sealed record PruningExperimentSettings
{
    /// <summary>
    /// Options of all trials: columns, epochs, seed, and every option that <see cref="Space"/> does not vary.
    /// </summary>
    /// <remarks>
    /// All trials have the same seed, so they start with the same weights. Of the checkpoint options, only the interval
    /// may be set, because the experiment manages the checkpoints.
    /// </remarks>
    public PruningAwareTrainingOptions Options { get; init; } = new();

    /// <summary>Options to vary.</summary>
    public PruningSearchSpace Space { get; init; } = new();

    /// <summary>Strategy that chooses the points of the search space.</summary>
    /// <value>Default <see cref="SearchStrategy.Random"/> with 20 trials.</value>
    public SearchStrategy Strategy { get; init; } = SearchStrategy.Random();

    /// <summary>Whether inferior trials are stopped early.</summary>
    /// <value>Default null: every trial is trained to its end.</value>
    public HalvingOptions? Halving { get; init; }

    /// <summary>
    /// Number of cross-validation folds, stratified by class. Every trial is trained once per fold, each time with
    /// another fold for validation.
    /// </summary>
    /// <value>2 to 100; default null: one validation set, given or chosen by
    /// <see cref="TrainingOptions.ValidationFraction"/>.</value>
    public int? Folds { get; init; }

    /// <summary>
    /// Time limit of the trials of one <c>Execute</c> call; the current trial is stopped when it is reached. The time
    /// to read the images comes before.
    /// </summary>
    /// <value>Greater than zero, at most 49 days, the limit of a timer; default none.</value>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>
    /// Folder with one subfolder per trial. An experiment that is started again in the same folder skips finished
    /// trials and resumes the others.
    /// </summary>
    /// <value>Default: a temporary folder that is deleted with the result.</value>
    public string? Folder { get; init; }

    /// <summary>Seed of the search and of the folds; trials have <see cref="TrainingRecipe.Seed"/>.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Stops the current trial at its next step; <c>Execute</c> then returns the trials so far.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Checks the settings, the axes, and the options at every corner of the search space, without reading images.
    /// <c>Execute</c> also checks whether the networks can be built and pruned to the targets.
    /// </summary>
    /// <param name="hasValidation">Whether <c>Execute</c> is given validation data.</param>
    /// <exception cref="InvalidOptionsException">Some values are invalid; the message lists all of them.</exception>
    public void Validate(bool hasValidation = false) => ExperimentValidator.Validate(this, null, hasValidation);
}
