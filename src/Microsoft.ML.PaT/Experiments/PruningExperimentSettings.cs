namespace Microsoft.ML.PaT.Experiments;

/// <summary>Everything that an experiment needs to know: what all trials share, what varies, how to search, when to end, and where to keep what is done.</summary>
public sealed record PruningExperimentSettings
{
    /// <summary>What all trials share: columns, epochs, seed, and every option that <see cref="Space"/> does not vary.</summary>
    /// <remarks>All trials have the same seed, so they begin alike. Of its checkpoints only the interval may be set: the experiment keeps them.</remarks>
    public PruningAwareTrainingOptions Options { get; init; } = new();

    /// <summary>What varies.</summary>
    public PruningSearchSpace Space { get; init; } = new();

    /// <summary>Which points are tried.</summary>
    /// <value>Default <see cref="SearchStrategy.Random"/> with 20 trials.</value>
    public SearchStrategy Strategy { get; init; } = SearchStrategy.Random();

    /// <summary>Whether trials that fall behind are left early.</summary>
    /// <value>Default null: every trial is trained to its end.</value>
    public HalvingOptions? Halving { get; init; }

    /// <summary>Folds of a cross-validation, balanced by class: every trial is trained so many times, each time with another part held out.</summary>
    /// <value>2 to 100; default null: one validation set, given or held out by <see cref="TrainingOptions.ValidationFraction"/>.</value>
    public int? Folds { get; init; }

    /// <summary>Time for the trials of one <c>Execute</c>; the one under way is stopped then.</summary>
    /// <value>Greater than zero, at most 1000 days; default none.</value>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Where trials are kept, one folder each. An experiment that is started again in the same folder skips what is finished and goes on with what is not.</summary>
    /// <value>Default: a temporary folder, which goes with the result.</value>
    public string? Folder { get; init; }

    /// <summary>Seed of the search and of the folds; trials have <see cref="TrainingRecipe.Seed"/>.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Stops at the next step of the trial under way. <c>Execute</c> then returns what there is.</summary>
    public CancellationToken CancellationToken { get; init; }
}
