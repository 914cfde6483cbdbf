using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Recipe;
using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT;

/// <summary>
/// A recipe and the environment of its run: columns, device, memory, processes, checkpoints, progress. The environment
/// is not part of <c>recipe.json</c>, though some of it can change the weights: the columns and the validation set;
/// device and threads, in the last bits; and the options of several processes (docs/decisions/recipe.md).
/// </summary>
/// <remarks>
/// All records are immutable; change a copy with a <c>with</c> expression. <c>Fit</c> checks the values, and one
/// message has all errors.
/// </remarks>
public sealed record PruningAwareTrainingOptions : TrainingRecipe
{
    /// <summary>Creates options with the default recipe.</summary>
    public PruningAwareTrainingOptions()
    {
    }

    /// <summary>Creates options for a recipe, with the default environment.</summary>
    /// <param name="recipe">The recipe, for example of <see cref="TrainingRecipe.Read"/>.</param>
    public PruningAwareTrainingOptions(TrainingRecipe recipe)
        : base(recipe)
    {
    }

    /// <summary>The key column with the class of an image.</summary>
    /// <value>Default <c>Label</c>.</value>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>
    /// The column with the image: <c>MLImage</c>, encoded bytes (JPEG, PNG, GIF, BMP or WebP) or a vector of pixels.
    /// </summary>
    /// <value>Default <c>Image</c>.</value>
    public string ImageColumnName { get; init; } = "Image";

    /// <summary>
    /// A <c>Single</c> column with the weight of each training image in the loss, 0 or more: an image with twice the
    /// weight counts as if it were there twice. Only ratios matter, because the weights are scaled to a mean of 1. Data
    /// to validate or to score needs no such column.
    /// </summary>
    /// <value>Default null: every image has the same weight, but for
    /// <see cref="TrainingOptions.ClassWeights"/>.</value>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>The key column that scoring writes the predicted class to.</summary>
    /// <value>Default <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>The column that scoring writes the class probabilities to: a vector with one value per class.</summary>
    /// <value>Default <c>Score</c>.</value>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>
    /// Whether a column of pixel vectors holds red, green and blue of each pixel together, [H,W,C], as
    /// <c>ExtractPixels(interleavePixelColors: true)</c> writes them. Other kinds of column ignore it.
    /// </summary>
    /// <value>Default false: all red values row by row, then green, then blue, [C,H,W].</value>
    public bool InterleavePixelColors { get; init; }

    /// <summary>
    /// The fraction of images that may be unreadable before <c>Fit</c> stops. Fewer are skipped, counted and named in
    /// the report.
    /// </summary>
    /// <value>Fraction 0 to 1; default 0.01.</value>
    [InRange(0, 1, IsFraction = true)]
    public double MaxUnreadableFraction { get; init; } = 0.01;

    /// <summary>
    /// Memory for decoded images, in bytes, training and validation together. Larger sets are kept in a file in
    /// <see cref="CacheFolder"/>, which later runs on the same images use again (docs/decisions/image-store.md).
    /// </summary>
    /// <value>At least 0 (always a file); default null: a quarter of the memory that the process may have.</value>
    [InRange(0, Unit = "bytes")]
    public long? MemoryBudget { get; init; }

    /// <summary>The folder for decoded images beyond <see cref="MemoryBudget"/>.</summary>
    /// <value>
    /// Default null: <c>$XDG_CACHE_HOME/microsoft-ml-pat/images</c> or <c>~/.cache/microsoft-ml-pat/images</c> on Unix,
    /// below the local application data on Windows.
    /// </value>
    public string? CacheFolder { get; init; }

    /// <summary>
    /// Images to measure accuracy on after each epoch, with the columns that the estimator gets: steps of a pipeline
    /// before it do not transform them. So a pipeline made by <c>Append</c> can have a validation set.
    /// </summary>
    /// <value>Default null: a part of the training images, <see cref="TrainingOptions.ValidationFraction"/>.</value>
    public IDataView? ValidationSet { get; init; }

    /// <summary>Training device.</summary>
    /// <value>
    /// Default <see cref="ComputeDevice.Automatic"/>: by <c>MLContext.GpuDeviceId</c>, else the CPU. For
    /// <see cref="PruningTrainer"/> it is the CPU.
    /// </value>
    public ComputeDevice Device { get; init; } = ComputeDevice.Automatic;

    /// <summary>Threads for operators on the CPU, of each process.</summary>
    /// <value>
    /// At least 1; default null: as many as libtorch uses (<c>torch.get_num_threads()</c>). Sums are made in an order
    /// that depends on it, so the last bits of the weights do too.
    /// </value>
    [InRange(1)]
    public int? Threads { get; init; }

    /// <summary>Training in several processes that an MPI launcher starts.</summary>
    /// <value>Default null: one process.</value>
    public DistributedOptions? Distributed { get; init; }

    /// <summary>Whether and where the run writes checkpoints.</summary>
    public CheckpointOptions Checkpoints { get; init; } = new();

    /// <summary>
    /// A folder for a TensorBoard event file: loss, accuracy, learning rate, images per second and channels after each
    /// epoch, and the indicator and its threshold at each observation, by training step. A resumed run appends to it; a
    /// new one replaces it.
    /// </summary>
    /// <value>Default null: none is written.</value>
    public string? TensorBoardFolder { get; init; }

    /// <summary>Receive the events of the run while <c>Fit</c> runs, on the thread that trains.</summary>
    /// <value>Default none. ML.NET's log (<c>MLContext.Log</c>) receives the events in any case.</value>
    public IReadOnlyList<IRunObserver> Observers { get; init; } = [];

    /// <summary>
    /// Stops the run at the next step. <c>Fit</c> then returns the best network so far by validation accuracy (after a
    /// pruning, the best compact one; without validation images the latest), and the report states that the run was
    /// stopped. While images are read or the classifier is fitted first, <c>Fit</c> throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Checks the options without training: all values and, for a number of classes, whether the network can be built
    /// for such images and whether the pruning target can be reached. Without a network, that for small images is
    /// checked, or that for the size of <see cref="TrainingRecipe.Images"/>. <c>Fit</c> alone checks a target by
    /// latency or by training time, which needs a device.
    /// </summary>
    /// <param name="classes">Number of classes, at least 2; null to check the values alone.</param>
    /// <exception cref="InvalidOptionsException">A value is out of its range, an exclusion or an item of
    /// <see cref="TrainingOptions.Freeze"/> fits no layer, all layers are frozen, or the network does not take images
    /// of that size.</exception>
    /// <exception cref="UnreachableTargetException">The target removes more than the limits allow.</exception>
    public void Validate(int? classes = null)
    {
        OptionsValidator.Validate(this);
        if (classes is not { } count) return;
        var fitting = Network ?? FittingNetwork.For(new(3, Images.Height ?? 32, Images.Width ?? 32)).Network;
        var standard = fitting.StandardInput;
        var shape = standard with { Height = Images.Height ?? standard.Height, Width = Images.Width ?? standard.Width };
        ImageColors.RequireFitting(Images, shape);
        var network = (this with { Network = fitting }).NetworkFor(shape, count);
        _ = LayerRates.Of(network, Training);
        if (Pruning.Policy == PruningPolicy.Never || Pruning.Target.Kind.IsMeasured()) return;
        new TargetPlanner(BudgetFor(ranks: 1), ChannelGroups.Of(network), Pruning.RoundTo ?? 1).RequireReachable(
            network.Name);
    }

    /// <param name="ranks">Number of processes that share a batch.</param>
    internal BudgetSettings BudgetFor(int ranks) => Pruning.Budget with
    {
        TrainingBatch = Training.MicroBatchOf(ranks),
        FusedNorms = Training.FusedNorms,
        Precision = Training.Precision,
    };

    internal ImageDataOptions ImageData => new()
    {
        ImageColumn = ImageColumnName, LabelColumn = LabelColumnName, WeightColumn = ExampleWeightColumnName,
        Images = Images, InterleavePixelColors = InterleavePixelColors, MaxUnreadableFraction = MaxUnreadableFraction,
        MemoryBudget = MemoryBudget, CacheFolder = CacheFolder, Cancellation = CancellationToken,
    };

    /// <summary>The same environment with another recipe.</summary>
    internal PruningAwareTrainingOptions With(TrainingRecipe recipe) => this with
    {
        Network = recipe.Network, Weights = recipe.Weights, Images = recipe.Images, Training = recipe.Training,
        Pruning = recipe.Pruning, Seed = recipe.Seed,
    };
}
