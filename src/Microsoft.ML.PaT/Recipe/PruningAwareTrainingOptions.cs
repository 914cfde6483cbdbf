using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Recipe;

namespace Microsoft.ML.PaT;

/// <summary>Everything a pruning-aware training run needs to know: which columns, which network, how to train it, when and how much to prune.</summary>
/// <remarks>All records are immutable; change a copy with a <c>with</c> expression. Values are checked once, by <c>Fit</c>, and all errors come in one message.</remarks>
public sealed record PruningAwareTrainingOptions
{
    /// <summary>The key column with the class of an image.</summary>
    /// <value>Default <c>Label</c>.</value>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the image: <c>MLImage</c>, encoded bytes (JPEG, PNG, GIF, BMP or WebP) or a vector of pixels.</summary>
    /// <value>Default <c>Image</c>.</value>
    public string ImageColumnName { get; init; } = "Image";

    /// <summary>A <c>Single</c> column that says how much each training image counts in the loss, 0 or more: an image with twice the weight counts as if it were there twice. Only ratios matter, because the weights are scaled to a mean of 1. Data to validate or to score needs no such column.</summary>
    /// <value>Default null: every image counts the same, but for <see cref="TrainingOptions.ClassWeights"/>.</value>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>The key column that scoring writes the predicted class to.</summary>
    /// <value>Default <c>PredictedLabel</c>.</value>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>The column that scoring writes the class probabilities to: a vector of as many values as there are classes.</summary>
    /// <value>Default <c>Score</c>.</value>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>The network to train.</summary>
    /// <value>Default <see cref="Networks.ResNet20"/>.</value>
    public NetworkArchitecture Network { get; init; } = Networks.ResNet20;

    /// <summary>Weights to start from.</summary>
    /// <value>Default null: training starts from random weights.</value>
    public WeightsFile? Weights { get; init; }

    /// <summary>How images are read and varied.</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>When and how much to prune.</summary>
    public PruningOptions Pruning { get; init; } = new();

    /// <summary>How to train.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Whether and where the run keeps what it needs to go on after it was killed.</summary>
    public CheckpointOptions Checkpoints { get; init; } = new();

    /// <summary>A folder for a TensorBoard event file: loss, accuracy, learning rate, images a second and channels after each epoch, the indicator and its threshold at each look, by training step. A run that goes on appends to it; a new one replaces it.</summary>
    /// <value>Default null: none is written.</value>
    public string? TensorBoardFolder { get; init; }

    /// <summary>Receive the events of the run while <c>Fit</c> runs, on the thread that trains.</summary>
    /// <value>Default none. ML.NET's log (<c>MLContext.Log</c>) receives the events in any case.</value>
    public IReadOnlyList<IRunObserver> Observers { get; init; } = [];

    /// <summary>Stops the run at the next step. <c>Fit</c> then returns the model as far as it got, and the report says that it was stopped.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Checks the options without training: the ranges of all values, whether the network can be built for such images,
    /// and whether the pruning target can be reached. A target by latency needs a device and is checked by <c>Fit</c>.
    /// </summary>
    /// <param name="classes">Number of classes, 2 or more.</param>
    /// <exception cref="InvalidOptionsException">A value is out of its range, or an exclusion fits no layer.</exception>
    /// <exception cref="InvalidNetworkException">The network does not take images of that size.</exception>
    /// <exception cref="UnreachableTargetException">The target asks for more than can be removed.</exception>
    public void Validate(int classes)
    {
        OptionsValidator.Validate(this);
        var standard = Network.StandardInput;
        var shape = standard with { Height = Images.Height ?? standard.Height, Width = Images.Width ?? standard.Width };
        var network = Network.Build(shape, classes);
        if (Pruning.Policy is NeverPolicy || Pruning.Target.Kind == PruningTargetKind.Latency) return;
        new TargetPlanner(Pruning.Budget, ChannelGroups.Of(network), Pruning.RoundTo ?? 1).RequireReachable(network.Name);
    }

    internal ImageDataOptions ImageData =>
        new(ImageColumnName, LabelColumnName, ExampleWeightColumnName, Images, CancellationToken);
}
