namespace Microsoft.ML.PaT;

/// <summary>What happened in a run: the content of <c>report.json</c> (docs/report.md describes it field by field; it is stable).</summary>
public sealed record RunReport
{
    /// <summary>Version of this format, 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Name of the network, such as <c>resnet20-cifar</c>.</summary>
    public required string Network { get; init; }

    /// <summary>What the pictures are, as their source names itself.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>The classes in training-key order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The policy as the command line spells it: <c>epi</c>, <c>epoch:N</c>, <c>never</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>The importance criterion: <c>taylor</c>, <c>magnitude</c>.</summary>
    public required string Criterion { get; init; }

    /// <summary>How much was asked to be removed.</summary>
    public required TargetReport Target { get; init; }

    /// <summary>Seed of the run.</summary>
    public required int Seed { get; init; }

    /// <summary>Pictures trained on, held out, and skipped because they could not be read.</summary>
    public required PicturesReport Pictures { get; init; }

    /// <summary>Every epoch, from 0.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The epoch, from 0, at whose start or within which the channels were removed; null when none were.</summary>
    public int? PruneEpoch { get; init; }

    /// <summary>Why they were removed then, one sentence; null when none were.</summary>
    public string? PruneReason { get; init; }

    /// <summary>Cost of the network before pruning.</summary>
    public required ModelReport Dense { get; init; }

    /// <summary>Cost of the network after pruning; null when nothing was pruned.</summary>
    public ModelReport? Compact { get; init; }

    /// <summary>Result on pictures that took no part in training; null until they are scored.</summary>
    public TestReport? Test { get; init; }

    /// <summary>Where the time went, in seconds.</summary>
    public required SecondsReport Seconds { get; init; }

    /// <summary>Output channels of each convolution: before, after.</summary>
    public required IReadOnlyDictionary<string, int[]> Widths { get; init; }

    /// <summary>What the policy saw each time it looked, and what it decided.</summary>
    public required IReadOnlyList<ObservationReport> Observations { get; init; }

    /// <summary>True when the run was stopped before its last epoch.</summary>
    public bool Stopped { get; init; }

    /// <summary>The machine: processor or GPU, threads, operating system, runtime.</summary>
    public required string Machine { get; init; }
}

/// <summary>How much was asked to be removed.</summary>
/// <param name="Kind">What is counted: <c>channels</c>.</param>
/// <param name="Value">The share to remove, fraction 0 to 1.</param>
public sealed record TargetReport(string Kind, double Value);

/// <summary>How many pictures took part.</summary>
/// <param name="Training">Pictures trained on.</param>
/// <param name="Validation">Pictures held out.</param>
/// <param name="Unreadable">Names of the first hundred pictures that were skipped because they could not be read, each with the reason.</param>
/// <param name="UnreadableCount">How many were skipped in all.</param>
public sealed record PicturesReport(int Training, int Validation, IReadOnlyList<string> Unreadable, int UnreadableCount);

/// <summary>One epoch.</summary>
/// <param name="Epoch">Its number, from 0.</param>
/// <param name="Phase">What the run did in it.</param>
/// <param name="TrainLoss">Mean loss over the epoch's training pictures.</param>
/// <param name="Accuracy">Validation accuracy after it, fraction 0 to 1; null without validation pictures.</param>
/// <param name="Seconds">Seconds of the training loop, augmentation in, evaluation and surgery out.</param>
/// <param name="ImagesPerSecond">Training pictures over those seconds.</param>
/// <param name="LearningRate">Learning rate of its last step.</param>
/// <param name="Epi">The last indicator within it; null where it was not defined or nobody looked.</param>
public sealed record EpochReport(int Epoch, TrainingPhase Phase, double TrainLoss, double? Accuracy, double Seconds, double ImagesPerSecond, double LearningRate, double? Epi);

/// <summary>What a network costs.</summary>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Macs">Multiply-accumulates of convolutions and linear layers for one picture.</param>
/// <param name="LatencyMs">Median milliseconds to score one picture (batch 1) on the device trained on; null when it was not measured.</param>
public sealed record ModelReport(long Parameters, long Macs, double? LatencyMs);

/// <summary>The result on test pictures.</summary>
/// <param name="Accuracy">Share of pictures classified correctly, fraction 0 to 1.</param>
/// <param name="Count">Pictures scored.</param>
public sealed record TestReport(double Accuracy, int Count);

/// <summary>Where the time of <c>Fit</c> went, in seconds.</summary>
/// <param name="Total">From the first picture decoded to the finished model.</param>
/// <param name="Dense">Training loop before the cut.</param>
/// <param name="Pruning">Ranking, surgery, and the epoch share within which channels go.</param>
/// <param name="Compact">Training loop after the cut.</param>
/// <param name="Indicator">Gathering scores, ranking and the indicator itself.</param>
public sealed record SecondsReport(double Total, double Dense, double Pruning, double Compact, double Indicator);

/// <summary>One look of the policy at the network.</summary>
/// <param name="At">When, in epochs since the start (fractions within an epoch).</param>
/// <param name="Counts">Channels of each prunable convolution that the sub-network keeps, in the order of <see cref="RunReport.Widths"/>.</param>
/// <param name="Psi">Similarity to the structure one observation before, 0 to 1; null for the first.</param>
/// <param name="Epi">The indicator; null until it is defined.</param>
/// <param name="Tau">The threshold it is held against; null for policies that have none.</param>
/// <param name="Decision"><c>wait</c> or <c>prune</c>.</param>
/// <param name="Reason">Why, one sentence.</param>
public sealed record ObservationReport(double At, IReadOnlyList<int> Counts, double? Psi, double? Epi, double? Tau, string Decision, string Reason);
