namespace Microsoft.ML.PaT.Experiments;

/// <summary>Validates an experiment before its first trial and reports all errors in one message.</summary>
internal static class ExperimentValidator
{
    /// <summary>
    /// Checks the settings, the axes, the options at every corner of the search space, and whether the networks can be
    /// built and pruned to the targets.
    /// </summary>
    /// <param name="classes">Number of classes, at least 2; null to check no network.</param>
    /// <param name="hasValidation">Whether validation images are given.</param>
    /// <exception cref="InvalidOptionsException">Some values are invalid; the message lists all of them.</exception>
    public static void Validate(PruningExperimentSettings settings, int? classes, bool hasValidation)
    {
        var dimensions = settings.Space.Dimensions;
        var errors = Settings(settings, hasValidation).ToList();
        if (dimensions.Count == 0) errors.Add("Space is empty; set at least one of its axes.");
        errors.AddRange(dimensions.Where(d => d.Error is not null).Select(d => $"Space.{d.Name} {d.Error}."));
        if (errors.Count == 0)
        {
            var corners = PruningSearchSpace.Product([.. dimensions.Select(d => d.Corners)])
                .Select(point => settings.Space.At(settings.Options, point).Options)
                .ToList();
            errors.AddRange(corners.SelectMany(c => Errors(c, classes: null)).Distinct());
            if (errors.Count == 0 && classes is { } count) errors.AddRange(Networks(corners, count));
        }
        if (errors.Count > 0)
            throw new InvalidOptionsException(ErrorCodes.OptionsInvalid, string.Join(Environment.NewLine, errors));
    }

    private static IEnumerable<string> Settings(PruningExperimentSettings s, bool hasValidation)
    {
        foreach (var error in s.Strategy.Errors(s.Space.Dimensions)) yield return error;
        if (s.Halving is { } h)
        {
            if (h.FirstEpochs < 1 || h.FirstEpochs >= s.Options.Training.Epochs)
            {
                yield return $"Halving.FirstEpochs is {h.FirstEpochs}; it must be at least 1 and fewer than the "
                    + $"{s.Options.Training.Epochs} epochs of a trial.";
            }
            if (h.Factor is < 2 or > 10) yield return $"Halving.Factor is {h.Factor}; it must be 2 to 10.";
        }
        if (s.Folds is < 2 or > 100) yield return $"Folds is {s.Folds}; it must be 2 to 100.";
        if (s.Folds is not null && hasValidation)
        {
            yield return "Folds are given together with validation data. Cross-validation chooses its own images; "
                + "leave one of them out.";
        }
        if (s.Folds is null && !hasValidation && s.Options.Training.ValidationFraction == 0)
        {
            yield return "Training.ValidationFraction is 0, but trials are compared by validation accuracy; set "
                + "a fraction, give validation data, or set Folds.";
        }
        if (s.TimeBudget is { } budget && !(budget > TimeSpan.Zero && budget <= TimeSpan.FromDays(49)))
            yield return $"TimeBudget is {budget}; it must be greater than zero and at most 49 days.";
        if (s.Folder is { } folder && string.IsNullOrWhiteSpace(folder))
            yield return "Folder is empty; name a folder, or leave it out.";
        if (s.Space.Ratio is not null && (s.Options.Pruning.Plan ?? (object?)s.Options.Pruning.Widths) is not null)
        {
            yield return "Space.Ratio has no effect with Options.Pruning.Plan or Options.Pruning.Widths, which are "
                + "applied as they are; leave one of them out.";
        }
        if (s.Space.Criterion is not null && s.Options.Pruning.Plan is not null)
        {
            yield return "Space.Criterion has no effect with Options.Pruning.Plan, which names the channels; leave one "
                + "of them out.";
        }
        IReadOnlyList<PruningPolicy> policies = s.Space.Policy?.Values ?? [s.Options.Pruning.Policy];
        if (policies.Count > 0 && policies.All(p => p == PruningPolicy.Never))
        {
            const string Reason = "has no effect, because Options.Pruning.Policy never prunes; leave one of them out.";
            if (s.Space.Ratio is not null) yield return $"Space.Ratio {Reason}";
            if (s.Space.Criterion is not null) yield return $"Space.Criterion {Reason}";
        }
        if (s.Options.ValidationSet is not null)
            yield return "Options.ValidationSet is set; give the validation data to Execute instead.";
        if (s.Options.Distributed is not null)
            yield return "Options.Distributed is set, but trials run in this process only; leave it out.";
        if (s.Options.Checkpoints is not { Folder: null, StartFrom: null, Resume: false })
        {
            yield return "Options.Checkpoints has a folder or a checkpoint to start from, but the experiment manages "
                + "the checkpoints; set the experiment's Folder instead.";
        }
        if (s.Options.CancellationToken.CanBeCanceled)
        {
            yield return "Options.CancellationToken stops a single run; set CancellationToken of the experiment "
                + "instead.";
        }
    }

    /// <summary>Checks the values and, for a number of classes, the network and the target.</summary>
    private static IEnumerable<string> Errors(PruningAwareTrainingOptions options, int? classes)
    {
        try
        {
            // Trials always have checkpoints.
            (options with { Checkpoints = options.Checkpoints with { Folder = "." } }).Validate(classes);
            return [];
        }
        catch (Exception e) when (e is PaTException or ArgumentOutOfRangeException)
        {
            return e.Message.Split(Environment.NewLine);
        }
    }

    private static IEnumerable<string> Networks(List<PruningAwareTrainingOptions> corners, int classes)
    {
        var shapes = corners.Select(Shape).Distinct().ToList();
        if (shapes.Count > 1)
        {
            return
            [
                $"Space.Network has networks for images of {string.Join(" and ", shapes)}; images are read once: set "
                    + "Options.Images.Height and Width.",
            ];
        }
        // The largest ratio is the hardest target.
        return corners.GroupBy(o => o.Network)
            .Select(of => of.OrderBy(o => o.Pruning.Policy != PruningPolicy.Never).ThenBy(o => o.Pruning.Target.Ratio))
            .SelectMany(of => Errors(of.Last(), classes));
    }

    private static ImageShape Shape(PruningAwareTrainingOptions o) => o.Network!.StandardInput with
    {
        Height = o.Images.Height ?? o.Network!.StandardInput.Height,
        Width = o.Images.Width ?? o.Network!.StandardInput.Width,
    };
}
