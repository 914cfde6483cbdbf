namespace Microsoft.ML.PaT;

/// <summary>The values of <see cref="PaTException.Code"/>. docs/errors.md lists meanings and cures.</summary>
public static class ErrorCodes
{
    /// <summary>
    /// One or more options are out of their range or contradict each other; the message lists all of them.
    /// </summary>
    public const string OptionsInvalid = "options-invalid";

    /// <summary>A recipe is not JSON, or has fields that do not exist.</summary>
    public const string RecipeInvalid = "recipe-invalid";

    /// <summary>No preset has the name given.</summary>
    public const string PresetUnknown = "preset-unknown";

    /// <summary>No network has the name given.</summary>
    public const string NetworkUnknown = "network-unknown";

    /// <summary>A network definition is inconsistent, for example a layer reads one that does not exist.</summary>
    public const string NetworkInvalid = "network-invalid";

    /// <summary>The inputs or the settings of a layer do not fit together.</summary>
    public const string LayerInvalid = "layer-invalid";

    /// <summary>A network cannot process images of this size.</summary>
    public const string ImageSizeUnfit = "image-size-unfit";

    /// <summary>A network has other inputs or classes than the data.</summary>
    public const string NetworkMismatch = "network-mismatch";

    /// <summary>The last layer with weights cannot be replaced for another number of classes.</summary>
    public const string ClassifierNotReplaceable = "classifier-not-replaceable";

    /// <summary>The device does not compute in the precision given.</summary>
    public const string PrecisionUnsupported = "precision-unsupported";

    /// <summary>Pruning.Limits.Exclude names layers that do not exist or cannot be narrowed.</summary>
    public const string ExcludeUnmatched = "exclude-unmatched";

    /// <summary>A target by latency has no device to measure on.</summary>
    public const string LatencyUnmeasured = "latency-unmeasured";

    /// <summary>A batch has too few images for the ranks or a batch-norm.</summary>
    public const string BatchTooSmall = "batch-too-small";

    /// <summary>An analysis needs trained weights, and none are given.</summary>
    public const string WeightsMissing = "weights-missing";

    /// <summary>The library has no criterion of the name given.</summary>
    public const string CriterionUnknown = "criterion-unknown";

    /// <summary>The library has no policy of the name given.</summary>
    public const string PolicyUnknown = "policy-unknown";

    /// <summary>A criterion gave no scores, or scores of the wrong shape.</summary>
    public const string ScoresInvalid = "scores-invalid";

    /// <summary>A criterion needs images, and none are given.</summary>
    public const string ImagesMissing = "images-missing";

    /// <summary>A pruning plan was made for another network, or does not name its channels correctly.</summary>
    public const string PlanMismatch = "plan-mismatch";

    /// <summary>A layer cannot have the width given.</summary>
    public const string WidthsImpossible = "widths-impossible";

    /// <summary>ML.NET's ConvertToOnnx was called on a pipeline with an image classifier of this library.</summary>
    public const string ConvertToOnnxUnsupported = "convert-to-onnx-unsupported";

    /// <summary>The data has no column of that name.</summary>
    public const string ColumnMissing = "column-missing";

    /// <summary>A column has a type that cannot be used.</summary>
    public const string ColumnTypeUnsupported = "column-type-unsupported";

    /// <summary>The key values of the label column are not classes.</summary>
    public const string LabelsInvalid = "labels-invalid";

    /// <summary>Images have no label, or one that the training data does not have.</summary>
    public const string LabelMissing = "label-missing";

    /// <summary>Example weights are negative, not finite, missing, or all 0.</summary>
    public const string WeightInvalid = "weight-invalid";

    /// <summary>All images are of one class.</summary>
    public const string SingleClass = "single-class";

    /// <summary>There is no such folder, archive or table of images.</summary>
    public const string ImageSourceMissing = "image-source-missing";

    /// <summary>A folder, an archive or a table of images does not have the layout expected, or is damaged.</summary>
    public const string ImageSourceInvalid = "image-source-invalid";

    /// <summary>The data has no rows, or none that can be read.</summary>
    public const string NoImages = "no-images";

    /// <summary>There are too few images for the folds or for a validation set.</summary>
    public const string TooFewImages = "too-few-images";

    /// <summary>More images cannot be read than MaxUnreadableFraction allows.</summary>
    public const string TooManyUnreadable = "too-many-unreadable";

    /// <summary>An image is truncated, damaged, of an unknown format, or missing.</summary>
    public const string ImageUnreadable = "image-unreadable";

    /// <summary>A file is not an archive of this library, or is truncated or damaged.</summary>
    public const string ArchiveInvalid = "archive-invalid";

    /// <summary>A file has a version that this library does not read.</summary>
    public const string VersionUnsupported = "version-unsupported";

    /// <summary>The model inside an ML.NET model file is damaged.</summary>
    public const string ModelFileInvalid = "model-file-invalid";

    /// <summary>
    /// A file of weights is of another kind, truncated or damaged, or has values that are not finite.
    /// </summary>
    public const string WeightsInvalid = "weights-invalid";

    /// <summary>Weights do not belong to the network: tensors are missing, unknown, or of another shape.</summary>
    public const string WeightsMismatch = "weights-mismatch";

    /// <summary>A file is not a complete report.json.</summary>
    public const string ReportInvalid = "report-invalid";

    /// <summary>A file is not a pruning plan.</summary>
    public const string PlanInvalid = "plan-invalid";

    /// <summary>A file is not a list of layer widths.</summary>
    public const string WidthsInvalid = "widths-invalid";

    /// <summary>A path is that of a folder instead of a file.</summary>
    public const string FileIsFolder = "file-is-folder";

    /// <summary>A file is larger than any file of its kind.</summary>
    public const string FileTooLarge = "file-too-large";

    /// <summary>A checkpoint is truncated or damaged, and none before it is whole.</summary>
    public const string CheckpointDamaged = "checkpoint-damaged";

    /// <summary>A checkpoint belongs to a run with other options or data.</summary>
    public const string CheckpointMismatch = "checkpoint-mismatch";

    /// <summary>The folder has checkpoints of a run that is not finished.</summary>
    public const string CheckpointUnfinished = "checkpoint-unfinished";

    /// <summary>A policy cannot start at the epoch of a checkpoint.</summary>
    public const string CheckpointTooLate = "checkpoint-too-late";

    /// <summary>Another run uses the folder.</summary>
    public const string FolderInUse = "folder-in-use";

    /// <summary>Decoded images cannot be written to the disk.</summary>
    public const string ImageCacheUnwritable = "image-cache-unwritable";

    /// <summary>The file of decoded images changed while a run was reading it.</summary>
    public const string ImageCacheChanged = "image-cache-changed";

    /// <summary>A file is not an ONNX model, is truncated or damaged, or a file of its weights is missing.</summary>
    public const string OnnxFileInvalid = "onnx-file-invalid";

    /// <summary>An ONNX model has other inputs or outputs than an image classifier.</summary>
    public const string OnnxModelUnsupported = "onnx-model-unsupported";

    /// <summary>A node of an ONNX model does not correspond to any layer.</summary>
    public const string OnnxNodeUnsupported = "onnx-node-unsupported";

    /// <summary>A network does not fit into the 2 GB of an ONNX file.</summary>
    public const string OnnxModelTooLarge = "onnx-model-too-large";

    /// <summary>The pruning target cannot be reached on this network.</summary>
    public const string TargetUnreachable = "target-unreachable";

    /// <summary>The loss is above 10,000, or it or a gradient is not finite.</summary>
    public const string TrainingDiverged = "training-diverged";

    /// <summary>There is no MPI library or launcher.</summary>
    public const string MpiUnavailable = "mpi-unavailable";

    /// <summary>The MPI library or its build is not supported.</summary>
    public const string MpiUnsupported = "mpi-unsupported";

    /// <summary>The process was started alone, or by a launcher of another MPI library.</summary>
    public const string MpiLauncherMismatch = "mpi-launcher-mismatch";

    /// <summary>The ranks have different options, data, versions or networks.</summary>
    public const string RanksDiffer = "ranks-differ";

    /// <summary>A rank hangs, failed or was lost.</summary>
    public const string RankLost = "rank-lost";

    /// <summary>A GPU was requested and cannot be used.</summary>
    public const string GpuUnavailable = "gpu-unavailable";

    /// <summary>TorchSharp or libtorch cannot be loaded, or is too old.</summary>
    public const string LibtorchUnavailable = "libtorch-unavailable";

    /// <summary>An operation of libtorch failed, as a rule because memory ran out.</summary>
    public const string LibtorchFailed = "libtorch-failed";

    /// <summary>The application has a version of SkiaSharp that ML.NET's images do not work with.</summary>
    public const string SkiaSharpUnsupported = "skiasharp-unsupported";
}
