using Microsoft.ML.PaT.Pruning.Policies;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Training of ranks by name, so that processes can receive it as an argument.</summary>
internal sealed record RankWork
{
    public required PruningAwareTrainingOptions Options { get; init; }

    public int Images { get; init; } = 96;

    public int Held { get; init; } = 30;

    public Action? EpochEnded { get; init; }

    /// <param name="name">Name of the work.</param>
    /// <param name="rank">The rank.</param>
    /// <param name="folder">Folder of checkpoints; null for none.</param>
    public static RankWork Of(string name, int rank, string? folder = null)
    {
        // Without kinks: in a ReLU network, a value within rounding of 0 occurs every few hundred steps and changes the
        // gradient, so that runs diverge from each other.
        var options = TinyRun.Options with
        {
            Network = NetworkArchitecture.Of(Smooth(dropout: 0)),
            Training = new() { Epochs = 9, BatchSize = 16, LearningRate = 0.05 },
            Threads = 1,
            Distributed = new() { SynchronizeBatchNorm = true, Timeout = TimeSpan.FromSeconds(60) },
            Checkpoints = folder is null
                ? new()
                : new() { Folder = folder, Keep = 100, Resume = true },
        };
        var dense = options with { Pruning = new() { Policy = new NeverPolicy() } };
        return name switch
        {
            "dense" => new() { Options = dense },
            "pruned" => new() { Options = options },
            // A checkpoint at every step, for tests that interrupt the run.
            "disturbed" => new()
            {
                Options = options with
                {
                    Checkpoints = options.Checkpoints with { Interval = TimeSpan.FromMilliseconds(1) },
                },
            },
            "impatient" => new()
            {
                Options = dense with
                {
                    Training = dense.Training with { Epochs = 2000 },
                    Checkpoints = dense.Checkpoints with { Interval = TimeSpan.FromMilliseconds(100) },
                },
            },
            "varied" => new()
            {
                // 97 images: batches of 16 and 13 or so, which two ranks cannot halve.
                Images = 97,
                Options = dense with
                {
                    Network = NetworkArchitecture.Of(Smooth(dropout: 0.2)),
                    Images = new()
                    {
                        RandomCropPadding = 2,
                        Cutout = 3,
                        ColorJitter = new() { Brightness = 0.2, Contrast = 0.2, Saturation = 0.2 },
                    },
                    Training = dense.Training with
                    {
                        Epochs = 3,
                        Mixup = 0.5,
                        CutMix = 1,
                        LabelSmoothing = 0.1,
                        ClassWeights = ClassWeights.Balanced,
                    },
                },
            },
            // Without batch-norms, whose statistics are those of a micro-batch; the micro-batches of ranks differ from
            // those of one process.
            "accumulated" => new()
            {
                Options = dense with
                {
                    Network = NetworkArchitecture.Of(Smooth(dropout: 0, norms: false)),
                    Training = dense.Training with { Epochs = 3, GradientAccumulationSteps = 2 },
                },
            },
            "unsynchronized" => new() { Held = 31, Options = options with { Distributed = new() } },
            "scaled" => new()
            {
                Options = dense with
                {
                    Training = dense.Training with
                    {
                        Epochs = 1,
                        BatchSize = 8,
                    },
                    Distributed = dense.Distributed! with
                    {
                        BatchPerProcess = true,
                        LearningRateScaling = LearningRateScaling.Linear,
                    },
                },
            },
            "classifier first" => new()
            {
                Options = dense with
                {
                    Training = dense.Training with { Epochs = 2, FitClassifierFirst = true, LearningRate = 0.01 },
                },
            },
            "canceled first" => new()
            {
                Options = dense with
                {
                    Training = dense.Training with { FitClassifierFirst = true },
                    CancellationToken = new(canceled: true),
                },
            },
            "no classifier" => new()
            {
                Options = dense with
                {
                    Network = NetworkArchitecture.Of(WithoutClassifier()),
                    Training = dense.Training with { FitClassifierFirst = true },
                },
            },
            "other options" => new()
            {
                Options = dense with { Training = dense.Training with { WeightDecay = rank == 1 ? 1e-3 : 1e-4 } },
            },
            "other data" => new() { Options = dense, Images = 96 - rank },
            "other decisions" => new() { Options = options with { Pruning = new() { Policy = new RankPolicy(rank) } } },
            "small batches" => new() { Options = dense with { Training = dense.Training with { BatchSize = 2 } } },
            "stopped" => Stopped(dense, rank),
            "failing" => new()
            {
                Options = dense,
                EpochEnded = () =>
                {
                    if (rank == 1) throw new IOException("The disk is full.");
                },
            },
            _ => throw new ArgumentException(name),
        };
    }

    private static RankWork Stopped(PruningAwareTrainingOptions options, int rank)
    {
        var source = new CancellationTokenSource();
        return new()
        {
            Options = options with
            {
                Training = options.Training with { Epochs = 2000 },
                CancellationToken = source.Token,
            },
            EpochEnded = () =>
            {
                if (rank == 1) source.Cancel();
            },
        };
    }

    private static NetworkDefinition WithoutClassifier()
    {
        var builder = new NetworkBuilder("convolution", new(3, 8, 8));
        builder.GlobalAveragePool("pool", builder.Convolution("conv", NetworkDefinition.InputName, 3, kernel: 3));
        return builder.Build();
    }

    private static NetworkDefinition Smooth(double dropout, bool norms = true)
    {
        var builder = new NetworkBuilder("smooth", new(3, 8, 8));
        var x = Block("1", NetworkDefinition.InputName, 8, stride: 1);
        if (dropout > 0) x = builder.Dropout("dropout", x, dropout);
        x = builder.Residual("add", x, y =>
            dropout > 0
                ? builder.StochasticDepth("depth", Block("2", y, 8, stride: 1), dropout)
                : Block("2", y, 8, stride: 1));
        builder.Linear("fc", builder.GlobalAveragePool("pool", Block("3", x, 16, stride: 2)), 3);
        return builder.Build();

        string Block(string name, string input, int channels, int stride)
        {
            var x = builder.Convolution($"conv{name}", input, channels, kernel: 3, stride: stride);
            return builder.Activation(
                $"silu{name}", norms ? builder.BatchNorm($"bn{name}", x) : x, ActivationFunction.Silu);
        }
    }
}
