using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>Training options: optimizer, learning-rate schedule, loss, precision and validation.</summary>
public sealed record TrainingOptions
{
    internal const int DefaultEpochs = 30;

    /// <summary>
    /// Number of epochs of the run, before and after pruning together. With <see cref="RetrainingOptions.Epochs"/> it
    /// is the most that the dense network trains, and the run ends with the retraining: 30 epochs and 10 of retraining
    /// after training are 40.
    /// </summary>
    /// <value>At least 1; default 30.</value>
    [InRange(1)]
    public int Epochs { get; init; } = DefaultEpochs;

    /// <summary>Number of images per optimizer step.</summary>
    /// <value>2 to 65536; default 128.</value>
    [InRange(2, 65536, Unit = "images")]
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// The highest learning rate, reached at the end of the warm-up, for the batch size as given; it is not
    /// rescaled.
    /// </summary>
    /// <value>
    /// Greater than 0; default null: 0.2 for SGD, 0.001 for AdamW (PyTorch's default), 1 for LARS, whose rates are
    /// relative to the length of the weights. These are a start, not tuned values.
    /// </value>
    [InRange(0, ExcludesMin = true)]
    public double? LearningRate { get; init; }

    /// <summary>How gradients change the weights.</summary>
    /// <value>
    /// Default <see cref="Optimizer.Sgd"/>. Transformers usually train better with <see cref="Optimizer.AdamW"/>;
    /// <see cref="Optimizer.Lars"/> is for batches of thousands.
    /// </value>
    public Optimizer Optimizer { get; init; } = Optimizer.Sgd;

    /// <summary>Decay of the learning rate after the warm-up.</summary>
    /// <value>Default <see cref="LearningRateDecay.Linear"/>.</value>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>
    /// For <see cref="LearningRateDecay.Steps"/>: the epochs at whose start the learning rate drops, ascending.
    /// </summary>
    /// <value>1 to the last epoch; default empty: halfway and after three quarters of the run.</value>
    public IReadOnlyList<int> Milestones { get; init; } = [];

    /// <summary>For <see cref="LearningRateDecay.Steps"/>: the factor of a drop.</summary>
    /// <value>Between 0 and 1, both excluded; default 0.1.</value>
    [InRange(0, 1, ExcludesMin = true, ExcludesMax = true)]
    public double Gamma { get; init; } = 0.1;

    /// <summary>
    /// A retraining schedule for the whole run, in place of warm-up and decay. The settings of its original run come
    /// from the options here.
    /// </summary>
    /// <value>Default null: warm-up and decay.</value>
    public RetrainingSchedule? Schedule { get; init; }

    /// <summary>
    /// The fraction of the run over which the learning rate rises linearly from zero, for linear and cosine decay.
    /// </summary>
    /// <value>Fraction 0 to 0.9; default 0.15.</value>
    [InRange(0, 0.9, IsFraction = true)]
    public double WarmupFraction { get; init; } = 0.15;

    /// <summary>
    /// Whether the classifier is fitted before training, by logistic regression on the features that the network
    /// computes from the training images with its initial weights. It takes as long as scoring the images once. A
    /// random classifier would give large gradients at first, which change given weights for the worse.
    /// </summary>
    /// <value>Default false. The classifier must be a linear layer of a vector.</value>
    public bool FitClassifierFirst { get; init; }

    /// <summary>
    /// Layer-wise decay of the learning rate: the factor from each layer with weights to the one before it. The
    /// classifier has the whole rate.
    /// </summary>
    /// <value>
    /// Above 0, at most 1; default 1: one rate for all. Layers count on the longest path; 0.9 is a start for 20 layers,
    /// 0.65 to 0.75 for the 12 blocks of a transformer (Bao et al. 2022).
    /// </value>
    [InRange(0, 1, ExcludesMin = true)]
    public double LayerRateDecay { get; init; } = 1;

    /// <summary>
    /// Layers that keep their weights and, if they are batch-norms, their statistics: names, in which * stands for any
    /// letters and ? for any one, or a number N for the first N layers with weights on each path and their norms.
    /// </summary>
    /// <value>
    /// Default none. A pattern that fits no layer with weights is an error, and so are items that freeze all layers. A
    /// pruning step recomputes the statistics as with <see cref="FreezeBatchNorm"/>.
    /// </value>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>
    /// Whether all batch-norms normalize with the statistics of the initial weights and keep them, as is usual for few
    /// images or small batches. Their scale and shift are trained. Otherwise those of given weights begin with the
    /// statistics of the training images, and with a scale and shift by which the network computes the same.
    /// </summary>
    /// <value>
    /// Default false. After each pruning step the statistics are recomputed all the same, over ten batches if
    /// <see cref="PruningOptions.RecalibrateBatchNorm"/> is 0.
    /// </value>
    public bool FreezeBatchNorm { get; init; }

    /// <summary>Momentum of SGD and LARS; beta1 of AdamW.</summary>
    /// <value>0 to 1, 1 excluded; default 0.9.</value>
    [InRange(0, 1, ExcludesMax = true)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether SGD and LARS use Nesterov's momentum.</summary>
    /// <value>Default true.</value>
    public bool Nesterov { get; init; } = true;

    /// <summary>For AdamW: decay of the running mean of squared gradients.</summary>
    /// <value>0 to 1, 1 excluded; default 0.999 (Kingma and Ba, 2015).</value>
    [InRange(0, 1, ExcludesMax = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>
    /// For LARS: the length of a step relative to the length of the weights, at a learning rate of 1.
    /// </summary>
    /// <value>Greater than 0; default 0.001 (You et al., 2017).</value>
    [InRange(0, ExcludesMin = true)]
    public double TrustCoefficient { get; init; } = 0.001;

    /// <summary>
    /// L2 penalty on the weights of convolutions and linear layers, for AdamW decoupled from the gradient; norms and
    /// biases have none.
    /// </summary>
    /// <value>At least 0; default null: 5e-4, for AdamW 0.01 (PyTorch's default).</value>
    [InRange(0)]
    public double? WeightDecay { get; init; }

    /// <summary>
    /// The largest Euclidean norm of the gradient of all parameters together; a longer gradient is scaled down to it
    /// before the step.
    /// </summary>
    /// <value>Greater than 0; default null: no limit.</value>
    [InRange(0, ExcludesMin = true)]
    public double? MaxGradientNorm { get; init; }

    /// <summary>
    /// Number of gradient-accumulation steps. Each batch is split into this many micro-batches to save memory. The step
    /// is that of the whole batch, but batch-norms use the statistics of a micro-batch.
    /// </summary>
    /// <value>
    /// 1 to 1024, at most <see cref="BatchSize"/>; default 1. On a CPU micro-batches are multiples of the threads, and
    /// fewer if the batch does not have as many.
    /// </value>
    [InRange(1, 1024)]
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>
    /// Decay of an exponential moving average of the weights, with their running statistics. The average is then
    /// evaluated, returned and distilled from (docs/decisions/training-step.md).
    /// </summary>
    /// <value>
    /// Above 0, below 1; default null: no average. 0.99 to 0.999 are usual: the average reaches back about
    /// 1 / (1 - decay) steps.
    /// </value>
    [InRange(0, 1, ExcludesMin = true, ExcludesMax = true)]
    public double? EmaDecay { get; init; }

    /// <summary>Fraction of the target probability that is spread evenly over all classes.</summary>
    /// <value>Fraction 0 to 1, 1 excluded; default 0.</value>
    [InRange(0, 1, ExcludesMax = true, IsFraction = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>The weight of each class in the training loss.</summary>
    /// <value>
    /// Default <see cref="ClassWeights.None"/>; <see cref="ClassWeights.Balanced"/> where classes have very unequal
    /// numbers of images. Accuracy always counts every image once.
    /// </value>
    public ClassWeights ClassWeights { get; init; } = ClassWeights.None;

    /// <summary>
    /// Mixup (Zhang et al. 2018): mixes each training image and its label with another of the batch. The fraction is
    /// drawn from a Beta distribution with both parameters of this value.
    /// </summary>
    /// <value>0 (none) to 10; default 0. The authors used 0.2 for ImageNet and 1 for CIFAR-10.</value>
    [InRange(0, 10)]
    public double Mixup { get; init; }

    /// <summary>
    /// CutMix (Yun et al. 2019): pastes a rectangle of another image of the batch into each training image and mixes
    /// their labels by area. The area is drawn from a Beta distribution with both parameters of this value. With
    /// <see cref="Mixup"/>, each image gets one of the two at random.
    /// </summary>
    /// <value>0 (none) to 10; default 0. The authors used 1.</value>
    [InRange(0, 10)]
    public double CutMix { get; init; }

    /// <summary>
    /// Whether to add a batch-norm after each convolution with a bias, for weights whose batch-norms an export folded
    /// into the convolutions. Its statistics are measured on training images, and its scale and shift undo it, so that
    /// the network computes the same at the start (docs/guide/onnx-import.md).
    /// </summary>
    /// <value>Default false. It needs initial weights.</value>
    public bool RestoreBatchNorms { get; init; }

    /// <summary>
    /// Fraction of the images, balanced by class, that <c>Fit(train)</c> uses for validation: it measures accuracy on
    /// them after each epoch, and does not train on them.
    /// </summary>
    /// <value>Fraction 0 to 0.5; default 0.1. Ignored when a validation set is given.</value>
    [InRange(0, 0.5, IsFraction = true)]
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>The number format of convolutions and matrix products.</summary>
    /// <value>Default <see cref="Precision.Float32"/> (docs/decisions/precision.md).</value>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>The memory format of images and weights during training.</summary>
    /// <value>
    /// Default <see cref="MemoryFormat.Automatic"/>: by a fixed rule. Formats differ in the order of additions, so
    /// weights differ in their last bits.
    /// </value>
    public MemoryFormat MemoryFormat { get; init; } = MemoryFormat.Automatic;

    /// <summary>
    /// Whether this library computes a batch-norm, the addition and the activation after it in one pass, on a CPU in
    /// channels-last format. Otherwise libtorch's operators compute them one after the other.
    /// </summary>
    /// <value>Default true. Both add in different orders, so weights differ in their last bits.</value>
    public bool FusedNorms { get; init; } = true;

    /// <summary>
    /// Epochs without a better validation accuracy after which the run ends, counted from the last pruning step.
    /// The run then returns the best network.
    /// </summary>
    /// <value>
    /// At least 1; default null: the run has all its epochs, because the learning rate falls to zero at the last one.
    /// Without validation images it has no effect.
    /// </value>
    [InRange(1)]
    [FreeOnResume]
    public int? Patience { get; init; }

    /// <summary>
    /// What to do when the loss of a batch is above 10,000, or it or a gradient is not finite. Where images have
    /// weights, the limit is multiplied by the mean weight of the batch if that is above 1.
    /// </summary>
    /// <value>
    /// Default <see cref="DivergenceAction.Stop"/>; <see cref="DivergenceAction.RollBack"/> needs a folder for
    /// checkpoints.
    /// </value>
    [FreeOnResume]
    public DivergenceAction OnDivergence { get; init; } = DivergenceAction.Stop;

    /// <summary>Images that one of several ranks passes through the network at once, at least 1.</summary>
    internal int MicroBatchOf(int ranks) => Math.Max(1, BatchSize / GradientAccumulationSteps / ranks);

    internal double LearningRateInUse =>
        LearningRate ?? Optimizer switch { Optimizer.AdamW => 1e-3, Optimizer.Lars => 1, _ => 0.2 };

    internal double WeightDecayInUse => WeightDecay ?? (Optimizer == Optimizer.AdamW ? 0.01 : 5e-4);
}
