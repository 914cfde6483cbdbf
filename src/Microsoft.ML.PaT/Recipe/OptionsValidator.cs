using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT.Recipe;

/// <summary>Checks options once, before anything is computed, and names everything that is wrong in one message.</summary>
internal static class OptionsValidator
{
    /// <summary>Checks all records.</summary>
    /// <exception cref="InvalidOptionsException">Something is out of its range.</exception>
    public static void Validate(PruningAwareTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = Columns(options).Concat(Logs(options.TensorBoardFolder)).Concat(Weights(options.Weights)).Concat(Images(options.Images)).Concat(Pruning(options.Pruning, options.Training)).Concat(Training(options.Training)).Concat(options.Training.Distributed is { } distributed ? Distributed(distributed) : []).Concat(Checkpoints(options.Checkpoints, options.Training.OnDivergence)).ToList();
        if (errors.Count > 0) throw new InvalidOptionsException(string.Join(Environment.NewLine, errors));
    }

    private static IEnumerable<string> Columns(PruningAwareTrainingOptions o)
    {
        (string Option, string Column)[] columns =
        [
            (nameof(o.LabelColumnName), o.LabelColumnName), (nameof(o.ImageColumnName), o.ImageColumnName),
            (nameof(o.PredictedLabelColumnName), o.PredictedLabelColumnName), (nameof(o.ScoreColumnName), o.ScoreColumnName),
            .. o.ExampleWeightColumnName is { } weight ? [(nameof(o.ExampleWeightColumnName), weight)] : Array.Empty<(string, string)>(),
        ];
        foreach (var (option, column) in columns)
        {
            if (string.IsNullOrWhiteSpace(column)) yield return $"{option} is empty; name a column.";
        }
        foreach (var same in columns.GroupBy(c => c.Column).Where(g => g.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(c => c.Option))} are both '{same.Key}'; they must differ.";
    }

    private static IEnumerable<string> Logs(string? tensorBoard)
    {
        if (tensorBoard is not null && string.IsNullOrWhiteSpace(tensorBoard)) yield return "TensorBoardFolder is empty; name a folder, or leave it out.";
    }

    private static IEnumerable<string> Weights(WeightsFile? o)
    {
        if (o is not null && !File.Exists(o.Path)) yield return $"Weights names the file '{o.Path}', which does not exist.";
    }

    private static IEnumerable<string> Images(ImageOptions o) => Ranges(
        (o.Normalization is not { } n || (n.Mean.Count == 3 && n.StandardDeviation.Count == 3 && n.Mean.All(float.IsFinite) && n.StandardDeviation.All(s => float.IsFinite(s) && s > 0)),
            "Images.Normalization", o.Normalization, "three finite means and three standard deviations greater than 0"),
        (o.Height is null or (>= 1 and <= 4096), "Images.Height", o.Height, "1 to 4096 pixels"),
        (o.Width is null or (>= 1 and <= 4096), "Images.Width", o.Width, "1 to 4096 pixels"),
        (o.RandomCropPadding is >= 0 and <= 64, "Images.RandomCropPadding", o.RandomCropPadding, "0 to 64 pixels"),
        (o.MaxUnreadableFraction is >= 0 and <= 1, "Images.MaxUnreadableFraction", o.MaxUnreadableFraction, "a fraction 0 to 1"),
        (o.RandomResizedCropMinScale is null or (> 0 and <= 1), "Images.RandomResizedCropMinScale", o.RandomResizedCropMinScale, "a fraction above 0, at most 1"),
        (o.ColorJitter.Brightness is >= 0 and <= 1, "Images.ColorJitter.Brightness", o.ColorJitter.Brightness, "a fraction 0 to 1"),
        (o.ColorJitter.Contrast is >= 0 and <= 1, "Images.ColorJitter.Contrast", o.ColorJitter.Contrast, "a fraction 0 to 1"),
        (o.ColorJitter.Saturation is >= 0 and <= 1, "Images.ColorJitter.Saturation", o.ColorJitter.Saturation, "a fraction 0 to 1"),
        (o.Cutout is >= 0 and <= 4096, "Images.Cutout", o.Cutout, "0 to 4096 pixels"),
        (o.MemoryBudget is null or >= 0, "Images.MemoryBudget", o.MemoryBudget, "0 bytes or more"),
        (o.CacheFolder is null || !string.IsNullOrWhiteSpace(o.CacheFolder), "Images.CacheFolder", "empty", "the name of a folder, or left out"),
        (Enum.IsDefined(o.Resizing), "Images.Resizing", o.Resizing, "one of its named values"),
        (Enum.IsDefined(o.PixelOrder), "Images.PixelOrder", o.PixelOrder, "one of its named values"));

    private static IEnumerable<string> Pruning(PruningOptions o, TrainingOptions training) => Ranges(
        (o.Target.Ratio is > 0 and < 1, "Pruning.Target", o.Target.Ratio, "a fraction between 0 and 1, both excluded"),
        (Enum.IsDefined(o.Target.Kind), "Pruning.Target", o.Target.Kind, "one of its named kinds"),
        (o.BatchGrowth is >= 1 and <= 64, "Pruning.BatchGrowth", o.BatchGrowth, "1 to 64"),
        (o.Distillation is null or { Temperature: > 0 and <= 100 }, "Pruning.Distillation.Temperature", o.Distillation?.Temperature, "above 0, at most 100"),
        (o.Distillation is null or { Weight: > 0 and <= 1 }, "Pruning.Distillation.Weight", o.Distillation?.Weight, "a fraction above 0, at most 1"),
        (o.IterativeSteps is >= 1 and <= 100, "Pruning.IterativeSteps", o.IterativeSteps, "1 to 100"),
        (o.IterativeSteps == 1 || (o.Plan is null && o.Widths is null), "Pruning.IterativeSteps", o.IterativeSteps, "1 with Pruning.Plan and Pruning.Widths, which are carried out at once"),
        (o.Plan is null || o.Widths is null, "Pruning.Widths", "given beside Pruning.Plan", "left out then"),
        (o.IterativeEpochs is >= 1 and <= 1000, "Pruning.IterativeEpochs", o.IterativeEpochs, "1 to 1000 epochs"),
        (o.RecalibrateBatchNorm is >= 0 and <= 10_000, "Pruning.RecalibrateBatchNorm", o.RecalibrateBatchNorm, "0 to 10000 batches"),
        (o.LatencyBatch is >= 1 and <= 4096, "Pruning.LatencyBatch", o.LatencyBatch, "1 to 4096 images"),
        (Enum.IsDefined(o.Schedule), "Pruning.Schedule", o.Schedule, "one of its named values"),
        (o.Limits.MinChannels is >= 1 and <= 65536, "Pruning.Limits.MinChannels", o.Limits.MinChannels, "1 to 65536 channels"),
        (o.Limits.MaxRatio is > 0 and <= 1, "Pruning.Limits.MaxRatio", o.Limits.MaxRatio, "a fraction above 0, at most 1"),
        (!o.Limits.Exclude.Any(string.IsNullOrWhiteSpace), "Pruning.Limits.Exclude", "empty in one place", "a list of names or patterns"),
        (o.RoundTo is null or (>= 1 and <= 64), "Pruning.RoundTo", o.RoundTo, "1 to 64 channels"),
        (o.RoundTo is null || !o.MeasureRoundTo, "Pruning.MeasureRoundTo", o.MeasureRoundTo, "false where Pruning.RoundTo is given"),
        (Enum.IsDefined(o.Reduction), "Pruning.Reduction", o.Reduction, "one of its named values"),
        (Enum.IsDefined(o.NormalizationInUse), "Pruning.Normalization", o.Normalization, "one of its named values"),
        (Enum.IsDefined(o.Ranking), "Pruning.Ranking", o.Ranking, "one of its named values"),
        (o.Ranking != RankingScope.PerLayer || o.Policy is not EarlyPruningIndicatorPolicy, "Pruning.Ranking", o.Ranking, "Global with the Early Pruning Indicator, which watches how channels move between layers")).Concat(o.Policy.Errors(training, o.Retraining)).Concat(Retraining(o, training));

    private static IEnumerable<string> Retraining(PruningOptions o, TrainingOptions training)
    {
        foreach (var error in o.Retraining?.Errors(training) ?? []) yield return $"Pruning.{error}";
        if (o is { Retraining.Schedule: RetrainingSchedule.AdaptiveLinear, IterativeSteps: > 1 })
            yield return $"Pruning.IterativeSteps is {o.IterativeSteps}; it must be 1 with the retraining schedule allr, which starts from what the whole cut took.";
    }

    private static IEnumerable<string> Training(TrainingOptions o) => Ranges(
        (o.Epochs >= 1, "Training.Epochs", o.Epochs, "at least 1"),
        (o.BatchSize is >= 2 and <= 65536, "Training.BatchSize", o.BatchSize, "2 to 65536 images"),
        (o.LearningRate > 0 && double.IsFinite(o.LearningRate), "Training.LearningRate", o.LearningRate, "greater than 0"),
        (o.WarmupFraction is >= 0 and <= 0.9, "Training.WarmupFraction", o.WarmupFraction, "a fraction 0 to 0.9"),
        (o.Momentum is >= 0 and < 1, "Training.Momentum", o.Momentum, "0 to 1, 1 excluded"),
        (Enum.IsDefined(o.Precision), "Training.Precision", o.Precision, "one of its named values"),
        (Enum.IsDefined(o.MemoryFormat), "Training.MemoryFormat", o.MemoryFormat, "one of its named values"),
        (Enum.IsDefined(o.Kernels), "Training.Kernels", o.Kernels, "one of its named values"),
        (Enum.IsDefined(o.Optimizer), "Training.Optimizer", o.Optimizer, "one of its named values"),
        (o.Beta2 is >= 0 and < 1, "Training.Beta2", o.Beta2, "0 to 1, 1 excluded"),
        (o.TrustCoefficient > 0 && double.IsFinite(o.TrustCoefficient), "Training.TrustCoefficient", o.TrustCoefficient, "greater than 0"),
        (o.MaxGradientNorm is null || (o.MaxGradientNorm > 0 && double.IsFinite(o.MaxGradientNorm.Value)), "Training.MaxGradientNorm", o.MaxGradientNorm, "greater than 0"),
        (o.GradientAccumulationSteps is >= 1 and <= 1024 && o.GradientAccumulationSteps <= o.BatchSize, "Training.GradientAccumulationSteps", o.GradientAccumulationSteps, "1 to 1024, and at most Training.BatchSize"),
        (o.WeightDecay >= 0 && double.IsFinite(o.WeightDecay), "Training.WeightDecay", o.WeightDecay, "0 or greater"),
        (o.EmaDecay is null or (> 0 and < 1), "Training.EmaDecay", o.EmaDecay, "above 0, below 1"),
        (o.LabelSmoothing is >= 0 and < 1, "Training.LabelSmoothing", o.LabelSmoothing, "a fraction 0 to 1, 1 excluded"),
        (o.Mixup is >= 0 and <= 10, "Training.Mixup", o.Mixup, "0 to 10"),
        (o.CutMix is >= 0 and <= 10, "Training.CutMix", o.CutMix, "0 to 10"),
        (o.ValidationFraction is >= 0 and <= 0.5, "Training.ValidationFraction", o.ValidationFraction, "a fraction 0 to 0.5"),
        (o.Threads is null or >= 1, "Training.Threads", o.Threads, "at least 1"),
        (o.Patience is null or >= 1, "Training.Patience", o.Patience, "at least 1 epoch"),
        (Enum.IsDefined(o.OnDivergence), "Training.OnDivergence", o.OnDivergence, "one of its named values"),
        (Enum.IsDefined(o.Decay), "Training.Decay", o.Decay, "one of its named values"),
        (MilestonesFit(o), "Training.Milestones", string.Join(", ", o.Milestones), $"ascending epochs, 1 to {o.Epochs - 1}, and empty unless Training.Decay is {LearningRateDecay.Steps}"),
        (o.Gamma is > 0 and < 1, "Training.Gamma", o.Gamma, "between 0 and 1, both excluded"),
        (o.Schedule is null || Enum.IsDefined(o.Schedule.Value), "Training.Schedule", o.Schedule, "one of its named values"),
        (Enum.IsDefined(o.ClassWeights), "Training.ClassWeights", o.ClassWeights, "one of its named values"),
        (Enum.IsDefined(o.Device), "Training.Device", o.Device, "one of its named values"));

    private static IEnumerable<string> Distributed(DistributedOptions o)
    {
        if (o.LearningRateScaling != LearningRateScaling.None && !o.BatchPerProcess)
            yield return $"Training.Distributed.LearningRateScaling is {o.LearningRateScaling}, and the batch does not grow with the processes; set BatchPerProcess, or leave the learning rate as it is.";
        foreach (var error in Ranges(
            (o.Timeout >= TimeSpan.FromSeconds(1) && o.Timeout <= TimeSpan.FromDays(1), "Training.Distributed.Timeout", o.Timeout, "one second to one day"),
            (Enum.IsDefined(o.LearningRateScaling), "Training.Distributed.LearningRateScaling", o.LearningRateScaling, "one of its named values"))) yield return error;
    }

    private static bool MilestonesFit(TrainingOptions o) =>
        o.Milestones.Count == 0 || (o.Decay == LearningRateDecay.Steps && o.Milestones[0] >= 1 && o.Milestones[^1] < o.Epochs && o.Milestones.Zip(o.Milestones.Skip(1)).All(pair => pair.First < pair.Second));

    private static IEnumerable<string> Checkpoints(CheckpointOptions o, DivergenceAction onDivergence)
    {
        if (onDivergence == DivergenceAction.RollBack && o.Folder is null) yield return "Training.OnDivergence is RollBack, and there is nothing to go back to; set Checkpoints.Folder.";
        if (o.Folder is { } folder && string.IsNullOrWhiteSpace(folder)) yield return "Checkpoints.Folder is empty; name a folder, or leave it out.";
        if (o.Resume && o.Folder is null) yield return "Checkpoints.Resume has nothing to go on from; set Checkpoints.Folder.";
        if (o.StartFrom is { } file && !File.Exists(file)) yield return $"Checkpoints.StartFrom is '{file}'; there is no such file.";
        foreach (var error in Ranges(
            (o.Interval >= TimeSpan.FromMilliseconds(1), "Checkpoints.Interval", o.Interval, "at least one millisecond"),
            (o.Keep >= 1, "Checkpoints.Keep", o.Keep, "at least 1"))) yield return error;
    }

    private static IEnumerable<string> Ranges(params (bool Valid, string Option, object? Value, string Range)[] checks) => checks
        .Where(c => !c.Valid)
        .Select(c => FormattableString.Invariant($"{c.Option} is {c.Value}; it must be {c.Range}."));
}
