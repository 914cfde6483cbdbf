using Microsoft.ML.PaT.Training;

namespace Microsoft.ML.PaT;

/// <summary>How to train: the optimizer, linear warm-up, then a decaying learning rate.</summary>
public sealed record TrainingOptions
{
    private readonly double? _learningRate, _weightDecay;

    /// <summary>Passes over the training images, dense and compact together.</summary>
    /// <value>At least 1; default 30.</value>
    public int Epochs { get; init; } = 30;

    /// <summary>Images a step.</summary>
    /// <value>2 to 65536; default 128.</value>
    public int BatchSize { get; init; } = 128;

    /// <summary>The highest learning rate, reached at the end of the warm-up, for the batch size as given (never rescaled silently).</summary>
    /// <value>Greater than 0; default 0.2 for SGD, 0.001 for AdamW (PyTorch's default), 1 for LARS, whose rates are relative to the length of the weights: a start, not a tuned value.</value>
    public double LearningRate
    {
        get => _learningRate ?? Optimizer switch { Optimizer.AdamW => 1e-3, Optimizer.Lars => 1, _ => 0.2 };
        init => _learningRate = value;
    }

    /// <summary>How gradients move the weights.</summary>
    /// <value>Default <see cref="Optimizer.Sgd"/>. Transformers usually train better with <see cref="Optimizer.AdamW"/>; <see cref="Optimizer.Lars"/> is for batches of thousands.</value>
    public Optimizer Optimizer { get; init; } = Optimizer.Sgd;

    /// <summary>How the learning rate falls after the warm-up.</summary>
    /// <value>Default <see cref="LearningRateDecay.Linear"/>.</value>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>For <see cref="LearningRateDecay.Steps"/>: the epochs at whose start the learning rate drops, ascending.</summary>
    /// <value>1 to the last epoch; default: halfway and after three quarters of the run.</value>
    public IReadOnlyList<int> Milestones { get; init; } = [];

    /// <summary>For <see cref="LearningRateDecay.Steps"/>: what a drop multiplies the learning rate by.</summary>
    /// <value>Between 0 and 1, both excluded; default 0.1.</value>
    public double Gamma { get; init; } = 0.1;

    /// <summary>A retraining schedule for the whole run, in place of warm-up and decay. What it takes from an original run comes from the options here.</summary>
    /// <value>Default none.</value>
    public RetrainingSchedule? Schedule { get; init; }

    /// <summary>The fraction of the run over which the learning rate rises linearly from zero, for linear and cosine decay.</summary>
    /// <value>Fraction 0 to 0.9; default 0.15.</value>
    public double WarmupFraction { get; init; } = 0.15;

    /// <summary>Momentum of the gradient; beta1 of AdamW.</summary>
    /// <value>0 to 1 (excluded); default 0.9.</value>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the momentum is Nesterov's, for SGD and LARS.</summary>
    /// <value>Default true.</value>
    public bool Nesterov { get; init; } = true;

    /// <summary>Fraction of the mean of squared gradients that stays at each step, for AdamW.</summary>
    /// <value>0 to 1 (excluded); default 0.999 (Kingma and Ba, 2015).</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>For LARS: how long a step may be beside the weights that it moves, at a learning rate of 1.</summary>
    /// <value>Greater than 0; default 0.001 (You et al., 2017).</value>
    public double TrustCoefficient { get; init; } = 0.001;

    /// <summary>L2 penalty on the weights of convolutions and linear layers, for AdamW decoupled from the gradient; norms and biases have none.</summary>
    /// <value>0 or greater; default 5e-4, for AdamW 0.01 (PyTorch's default).</value>
    public double WeightDecay
    {
        get => _weightDecay ?? (Optimizer == Optimizer.AdamW ? 0.01 : 5e-4);
        init => _weightDecay = value;
    }

    /// <summary>The longest that the gradient of all parameters together may be (Euclidean norm); a longer one is scaled down to it before the step.</summary>
    /// <value>Greater than 0; default none.</value>
    public double? MaxGradientNorm { get; init; }

    /// <summary>
    /// Parts in which a batch goes through the network one after the other: a batch then takes the memory of a part, and the step is that of the whole batch, but
    /// for batch-norms, which see the images of a part.
    /// </summary>
    /// <value>1 to 1024, at most <see cref="BatchSize"/>; default 1. On a CPU parts are multiples of the threads, and fewer where the batch does not have as many.</value>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>
    /// Decay of an exponential moving average of the weights, with their running statistics: the average is then what is evaluated, kept and taught by (docs/decisions/step.md).
    /// </summary>
    /// <value>Above 0, below 1; default none. 0.99 to 0.999 are usual: the average reaches back about 1 / (1 - decay) steps.</value>
    public double? EmaDecay { get; init; }

    /// <summary>Fraction of the target probability spread evenly over all classes.</summary>
    /// <value>Fraction 0 to 1 (excluded); default 0.</value>
    public double LabelSmoothing { get; init; }

    /// <summary>How much the images of a class count in the training loss.</summary>
    /// <value>Default <see cref="ClassWeights.None"/>; <see cref="ClassWeights.Balanced"/> where classes have very unequal numbers of images. Accuracy always counts every image once.</value>
    public ClassWeights ClassWeights { get; init; } = ClassWeights.None;

    /// <summary>
    /// Mixes each training image with another of its batch, and their labels alike (mixup, Zhang et al. 2018): the fraction is drawn from a Beta
    /// distribution with both parameters of this value.
    /// </summary>
    /// <value>0 (none) to 10; default 0. The authors took 0.2 for ImageNet and 1 for CIFAR-10.</value>
    public double Mixup { get; init; }

    /// <summary>
    /// Pastes a rectangle of another image of the batch into each training image, and mixes their labels by area (CutMix, Yun et al. 2019): the area is drawn from a
    /// Beta distribution with both parameters of this value. With <see cref="Mixup"/>, each image gets one of the two, by chance.
    /// </summary>
    /// <value>0 (none) to 10; default 0. The authors took 1.</value>
    public double CutMix { get; init; }

    /// <summary>Fraction of the images that <c>Fit(train)</c> holds out, balanced by class, to measure accuracy after each epoch.</summary>
    /// <value>Fraction 0 to 0.5; default 0.1. Ignored when a validation set is given.</value>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>The one source of randomness: initial weights, order, augmentation. The same seed gives the same run on a CPU.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Where to train.</summary>
    /// <value>Default <see cref="ComputeDevice.Automatic"/>: what <c>MLContext.GpuDeviceId</c> says, else the CPU.</value>
    public ComputeDevice Device { get; init; } = ComputeDevice.Automatic;

    /// <summary>What convolutions and matrix products compute in.</summary>
    /// <value>Default <see cref="Precision.Float32"/>. What others are good for: docs/decisions/precision.md.</value>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>How images and weights lie in memory while the network trains.</summary>
    /// <value>Default <see cref="MemoryFormat.Automatic"/>: by a fixed rule. Formats differ in the order of additions, so weights differ in their last bits.</value>
    public MemoryFormat MemoryFormat { get; init; } = MemoryFormat.Automatic;

    /// <summary>What computes batch-norms with the additions and activations after them.</summary>
    /// <value>Default <see cref="TrainingKernels.Fused"/>. <see cref="TrainingKernels.Plain"/> adds in another order: weights differ in their last bits.</value>
    public TrainingKernels Kernels { get; init; } = TrainingKernels.Fused;

    /// <summary>Epochs without a better validation accuracy after which the run ends, counted from the cut where there is one. The best network is kept then.</summary>
    /// <value>At least 1; default none: the learning rate falls to zero at the last epoch, and a run is best there. Without validation images it has no effect.</value>
    public int? Patience { get; init; }

    /// <summary>What to do when the loss or a gradient is no longer finite.</summary>
    /// <value>Default <see cref="DivergenceAction.Stop"/>; <see cref="DivergenceAction.RollBack"/> needs <see cref="CheckpointOptions.Folder"/>.</value>
    public DivergenceAction OnDivergence { get; init; } = DivergenceAction.Stop;

    /// <summary>Threads for operators on the CPU, of each process.</summary>
    /// <value>At least 1; default: as many as there are cores.</value>
    public int? Threads { get; init; }

    /// <summary>Training in several processes that an MPI launcher starts.</summary>
    /// <value>Default null: one process.</value>
    public DistributedOptions? Distributed { get; init; }
}
