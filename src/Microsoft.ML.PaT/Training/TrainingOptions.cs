namespace Microsoft.ML.PaT;

/// <summary>How to train: stochastic gradient descent with momentum, linear warm-up, then a decaying learning rate.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training pictures, dense and compact together.</summary>
    /// <value>At least 1; default 30.</value>
    public int Epochs { get; init; } = 30;

    /// <summary>Pictures a step.</summary>
    /// <value>2 to 65536; default 128.</value>
    public int BatchSize { get; init; } = 128;

    /// <summary>The highest learning rate, reached at the end of the warm-up, for the batch size as given (never rescaled silently).</summary>
    /// <value>Greater than 0; default 0.2.</value>
    public double LearningRate { get; init; } = 0.2;

    /// <summary>How the learning rate falls after the warm-up.</summary>
    /// <value>Default <see cref="LearningRateDecay.Linear"/>.</value>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>For <see cref="LearningRateDecay.Steps"/>: the epochs at whose start the learning rate drops, ascending.</summary>
    /// <value>1 to the last epoch; default: halfway and after three quarters of the run.</value>
    public IReadOnlyList<int> Drops { get; init; } = [];

    /// <summary>For <see cref="LearningRateDecay.Steps"/>: what a drop multiplies the learning rate by.</summary>
    /// <value>Between 0 and 1, both excluded; default 0.1.</value>
    public double DropFactor { get; init; } = 0.1;

    /// <summary>A retraining schedule for the whole run, in place of warm-up and decay. What it takes from an original run comes from the options here.</summary>
    /// <value>Default none.</value>
    public RetrainingSchedule? Schedule { get; init; }

    /// <summary>The share of the run over which the learning rate rises linearly from zero, for linear and cosine decay.</summary>
    /// <value>Fraction 0 to 0.9; default 0.15.</value>
    public double WarmUpShare { get; init; } = 0.15;

    /// <summary>Momentum of the gradient.</summary>
    /// <value>0 to 1 (excluded); default 0.9.</value>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the momentum is Nesterov's.</summary>
    /// <value>Default true.</value>
    public bool Nesterov { get; init; } = true;

    /// <summary>L2 penalty on the weights of convolutions and linear layers; norms and biases have none.</summary>
    /// <value>0 or greater; default 5e-4.</value>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Share of the target probability spread evenly over all classes.</summary>
    /// <value>Fraction 0 to 1 (excluded); default 0.</value>
    public double LabelSmoothing { get; init; }

    /// <summary>How much the pictures of a class count in the training loss.</summary>
    /// <value>Default <see cref="ClassWeights.None"/>; <see cref="ClassWeights.Balanced"/> where classes have very unequal numbers of pictures. Accuracy always counts every picture once.</value>
    public ClassWeights ClassWeights { get; init; } = ClassWeights.None;

    /// <summary>
    /// Mixes each training picture with another of its batch, and their labels alike (mixup, Zhang et al. 2018): the share is drawn from a Beta
    /// distribution with both parameters of this value.
    /// </summary>
    /// <value>0 (none) to 10; default 0. The authors took 0.2 for ImageNet and 1 for CIFAR-10.</value>
    public double Mixup { get; init; }

    /// <summary>
    /// Pastes a rectangle of another picture of the batch into each training picture, and mixes their labels by area (CutMix, Yun et al. 2019): the area is drawn from a
    /// Beta distribution with both parameters of this value. With <see cref="Mixup"/>, each picture gets one of the two, by chance.
    /// </summary>
    /// <value>0 (none) to 10; default 0. The authors took 1.</value>
    public double Cutmix { get; init; }

    /// <summary>Share of the pictures that <c>Fit(train)</c> holds out, balanced by class, to measure accuracy after each epoch.</summary>
    /// <value>Fraction 0 to 0.5; default 0.1. Ignored when a validation set is given.</value>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>The one source of randomness: initial weights, order, augmentation. The same seed gives the same run on a CPU.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Where to train.</summary>
    /// <value>Default <see cref="ComputeDevice.Automatic"/>: what <c>MLContext.GpuDeviceId</c> says, else the CPU.</value>
    public ComputeDevice Device { get; init; } = ComputeDevice.Automatic;

    /// <summary>Epochs without a better validation accuracy after which the run ends, counted from the cut where there is one. The best network is kept then.</summary>
    /// <value>At least 1; default none: the learning rate falls to zero at the last epoch, and a run is best there. Without validation pictures it has no effect.</value>
    public int? Patience { get; init; }

    /// <summary>What to do when the loss or a gradient is no longer finite.</summary>
    /// <value>Default <see cref="DivergenceAction.Stop"/>; <see cref="DivergenceAction.RollBack"/> needs <see cref="CheckpointOptions.Folder"/>.</value>
    public DivergenceAction OnDivergence { get; init; } = DivergenceAction.Stop;

    /// <summary>Threads for operators on the CPU.</summary>
    /// <value>At least 1; default: as many as there are cores.</value>
    public int? Threads { get; init; }
}
