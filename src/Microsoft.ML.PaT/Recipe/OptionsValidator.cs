using System.Globalization;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>Checks options once, before anything is computed, and reports all errors in one message.</summary>
/// <remarks>
/// Ranges are attributes of the properties. The rules here concern several properties, or cannot be stated as a range.
/// </remarks>
internal static class OptionsValidator
{
    /// <exception cref="InvalidOptionsException">Options are out of their ranges or contradict each other.</exception>
    public static void Validate(PruningAwareTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ranges = OptionProperty.Errors(options, typeof(TrainingRecipe), "")
            .Concat(OptionProperty.Errors(options, typeof(PruningAwareTrainingOptions), "")).ToList();
        // Rules read properties, so they need those that must not be null.
        var rules = ranges.Exists(e => e.Contains(" is null;", StringComparison.Ordinal))
            ? []
            : Recipe(options).Concat(Environment(options)).Concat(Checkpoints(options));
        string[] errors = [.. ranges, .. rules];
        if (errors.Length > 0)
        {
            throw new InvalidOptionsException(
                ErrorCodes.OptionsInvalid, string.Join(System.Environment.NewLine, errors));
        }
    }

    private static IEnumerable<string> Recipe(TrainingRecipe recipe)
    {
        var (images, training, pruning) = (recipe.Images, recipe.Training, recipe.Pruning);
        if (recipe.Weights is { } weights && !File.Exists(weights.Path))
        {
            yield return Directory.Exists(weights.Path)
                ? $"Weights names '{weights.Path}', which is a folder; give a file in it."
                : $"Weights names the file '{weights.Path}', which does not exist.";
        }
        if (images.Normalization is { } normalization && !IsComplete(normalization))
        {
            yield return $"Images.Normalization has the means {Numbers(normalization.Mean)} and the standard "
                + $"deviations {Numbers(normalization.StandardDeviation)}; it must have for each channel a finite mean "
                + "and a standard deviation greater than 0.";
        }
        if (training.GradientAccumulationSteps > training.BatchSize)
        {
            yield return $"Training.GradientAccumulationSteps is {training.GradientAccumulationSteps}; it must be at "
                + $"most Training.BatchSize, {training.BatchSize}.";
        }
        if (training.RestoreBatchNorms && !recipe.HasWeights)
        {
            yield return "Training.RestoreBatchNorms is true; it must be false without Weights, because it measures "
                + "the outputs of trained convolutions.";
        }
        if (!AreMilestones(training))
        {
            yield return $"Training.Milestones is {string.Join(", ", training.Milestones)}; it must be ascending "
                + $"epochs, at least 1 and less than Training.Epochs ({training.Epochs}), and empty unless "
                + $"Training.Decay is {LearningRateDecay.Steps}.";
        }
        if (training.Freeze.Any(string.IsNullOrWhiteSpace))
            yield return "Training.Freeze has an empty item; it must be a list of names, patterns or a number.";
        if (pruning is { Distillation: not null, Policy.PrunesAtInitialization: true } && !recipe.HasWeights)
        {
            yield return "Pruning.Distillation is given; it must be left out where Pruning.Policy prunes before the "
                + "first step and no Weights are given, because the teacher would have random weights.";
        }
        foreach (var error in Pruning(pruning, training)) yield return error;
    }

    private static IEnumerable<string> Pruning(PruningOptions pruning, TrainingOptions training)
    {
        if (!(pruning.Target.Ratio is > 0 and < 1))
        {
            yield return FormattableString.Invariant(
                $"Pruning.Target is {pruning.Target.Ratio}; it must be a fraction between 0 and 1, both excluded.");
        }
        if (pruning.IterativeSteps > 1 && (pruning.Plan is not null || pruning.Widths is not null))
        {
            yield return $"Pruning.IterativeSteps is {pruning.IterativeSteps}; it must be 1 with Pruning.Plan and "
                + "Pruning.Widths, which are applied in one step.";
        }
        if (pruning is { Plan: not null, Widths: not null })
            yield return "Pruning.Widths is given together with Pruning.Plan; leave one of them out.";
        if (pruning.Limits.Exclude.Any(string.IsNullOrWhiteSpace))
            yield return "Pruning.Limits.Exclude has an empty item; it must be a list of names or patterns.";
        if (pruning is { RoundTo: not null, MeasureRoundTo: true })
            yield return "Pruning.MeasureRoundTo is true; it must be false if Pruning.RoundTo is given.";
        if (pruning is { Ranking: RankingScope.PerLayer, Policy: EarlyPruningIndicatorPolicy })
        {
            yield return $"Pruning.Ranking is {pruning.Ranking}; it must be Global with the Early Pruning Indicator, "
                + "which observes how channels move between layers.";
        }
        if (pruning.Criterion.Rounds < 1)
        {
            yield return $"Pruning.Criterion '{pruning.Criterion.Name}' has {pruning.Criterion.Rounds} Rounds; it must "
                + "have at least 1.";
        }
        if (pruning.Policy.ObservationRate(training.Epochs) is var rate and < 1)
        {
            yield return $"Pruning.Policy '{pruning.Policy.Name}' has an ObservationRate of {rate} for "
                + $"{training.Epochs} epochs; it must be at least 1.";
        }
        foreach (var error in pruning.Policy.Errors(training, pruning.Retraining)) yield return error;
        foreach (var error in pruning.Retraining?.Errors(training) ?? []) yield return $"Pruning.{error}";
        if (pruning is { Retraining.Schedule: RetrainingSchedule.AdaptiveLinear, IterativeSteps: > 1 })
        {
            yield return $"Pruning.IterativeSteps is {pruning.IterativeSteps}; it must be 1 with the retraining "
                + "schedule allr, which starts from the effect of all pruning.";
        }
    }

    private static IEnumerable<string> Environment(PruningAwareTrainingOptions o)
    {
        (string Option, string? Column)[] columns =
        [
            (nameof(o.LabelColumnName), o.LabelColumnName),
            (nameof(o.ImageColumnName), o.ImageColumnName),
            (nameof(o.PredictedLabelColumnName), o.PredictedLabelColumnName),
            (nameof(o.ScoreColumnName), o.ScoreColumnName),
            (nameof(o.ExampleWeightColumnName), o.ExampleWeightColumnName),
        ];
        foreach (var (option, column) in columns)
            if (IsEmpty(column)) yield return $"{option} is empty; name a column.";
        foreach (var same in columns.Where(c => c.Column is not null).GroupBy(c => c.Column).Where(g => g.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(c => c.Option))} are both '{same.Key}'; they must differ.";
        if (IsEmpty(o.TensorBoardFolder)) yield return "TensorBoardFolder is empty; name a folder, or leave it out.";
        if (IsEmpty(o.CacheFolder)) yield return "CacheFolder is empty; name a folder, or leave it out.";
        if (o.Distributed is { BatchPerProcess: false, LearningRateScaling: var scaling }
            && scaling != LearningRateScaling.None)
        {
            yield return $"Distributed.LearningRateScaling is {scaling}, and the batch does not grow with the "
                + "processes; set BatchPerProcess, or leave the learning rate as it is.";
        }
        if (o.Distributed is { } distributed
            && !(distributed.Timeout.TotalSeconds >= 1 && distributed.Timeout.TotalDays <= 1))
        {
            yield return $"Distributed.Timeout is {distributed.Timeout}; it must be one second to one day.";
        }
    }

    private static IEnumerable<string> Checkpoints(PruningAwareTrainingOptions o)
    {
        var checkpoints = o.Checkpoints;
        if (o.Training.OnDivergence == DivergenceAction.RollBack && checkpoints.Folder is null)
        {
            yield return "Training.OnDivergence is RollBack, but the run writes no checkpoints; set "
                + "Checkpoints.Folder.";
        }
        if (IsEmpty(checkpoints.Folder)) yield return "Checkpoints.Folder is empty; name a folder, or leave it out.";
        if (checkpoints is { Resume: true, Folder: null })
            yield return "Checkpoints.Resume has nothing to resume from; set Checkpoints.Folder.";
        if (checkpoints.StartFrom is { } file && !File.Exists(file))
            yield return $"Checkpoints.StartFrom is '{file}'; there is no such file.";
        if (checkpoints.Interval < TimeSpan.FromMilliseconds(1))
            yield return $"Checkpoints.Interval is {checkpoints.Interval}; it must be at least one millisecond.";
    }

    private static bool IsEmpty(string? text) => text is not null && string.IsNullOrWhiteSpace(text);

    private static bool IsComplete(Normalization n) =>
        n.Mean.Count > 0 && n.StandardDeviation.Count == n.Mean.Count
        && n.Mean.All(float.IsFinite) && n.StandardDeviation.All(s => float.IsFinite(s) && s > 0);

    private static string Numbers(IEnumerable<float> values) =>
        $"[{string.Join(", ", values.Select(v => v.ToString(CultureInfo.InvariantCulture)))}]";

    private static bool AreMilestones(TrainingOptions o) => o.Milestones.Count == 0
        || (o.Decay == LearningRateDecay.Steps && o.Milestones[0] >= 1 && o.Milestones[^1] < o.Epochs
            && o.Milestones.Zip(o.Milestones.Skip(1)).All(pair => pair.First < pair.Second));
}
