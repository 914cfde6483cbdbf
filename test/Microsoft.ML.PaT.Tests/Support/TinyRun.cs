using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A run of a second or less, whole or in parts, and what it leaves: three epochs of six steps, with a cut in three parts in the middle of it.</summary>
internal sealed class TinyRun : IDisposable
{
    public static readonly PruningAwareTrainingOptions Options = new()
    {
        Network = Networks.ByName("resnet8"),
        Images = new() { CropPadding = 1 },
        Pruning = new() { Cuts = 3, RoundTo = 1, Policy = new EarlyPruningIndicatorPolicy { Tau = 1, Deadline = 0.4, ObservationsPerEpoch = 2 } }, // at 1.5 epochs
        Training = new() { Epochs = 3, BatchSize = 16, LearningRate = 0.1, Threads = 1, Layout = MemoryLayout.ChannelsLast }, // not measured: the same on every machine
    };

    /// <summary>The same with all that a run can carry along: moments, an average, a teacher, batches in parts that grow.</summary>
    public static readonly PruningAwareTrainingOptions Everything = Options with
    {
        Pruning = Options.Pruning with { Distillation = new(), BatchGrowth = 8 },
        Training = Options.Training with { Epochs = 4, Optimizer = Optimizer.Adamw, LearningRate = 0.01, ClipNorm = 1, Accumulation = 2, EmaDecay = 0.9 },
    };

    public TinyRun(PruningAwareTrainingOptions options, Action<TrainingProgress>? progress = null, int pictures = 96, int seed = 1, bool onDisk = false, float[]? weights = null)
    {
        using var drawn = TinyPictures.Store(pictures, seed: seed, weights: weights);
        using var folder = new TemporaryFolder();
        using var training = onDisk ? TinyPictures.OnDisk(drawn, Path.Combine(folder.Name, "set.pictures")) : drawn.Subset([.. Enumerable.Range(0, pictures).Select(i => (long)i)]);
        using var validation = TinyPictures.Store(30, seed: 2);
        (Classifier, Report, Plan) = new PruningAwareRun(options, torch.CPU, p =>
        {
            if (p.Event is { } happened) Events.Add(happened);
            progress?.Invoke(p);
        }).Execute(training, validation);
    }

    public ImageClassifier Classifier { get; }

    public RunReport Report { get; }

    public PruningPlan? Plan { get; }

    public List<string> Events { get; } = [];

    /// <summary>Every weight, bit for bit.</summary>
    public string Weights => Hash(Classifier);

    public static string Hash(ImageClassifier classifier)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, classifier.Weights);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(stream.ToArray()));
    }

    public void Dispose() => Classifier.Dispose();
}
