using Microsoft.ML.PaT.Pruning.Policies;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Serving;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// A run of at most a second, in one or several parts, and its results: three epochs of six steps, with three pruning
/// steps in the middle.
/// </summary>
internal sealed class TinyRun : IDisposable
{
    public static readonly PruningAwareTrainingOptions Options = new()
    {
        Network = Networks.ByName("resnet8"),
        Images = new() { RandomCropPadding = 1 },
        Pruning = new()
        {
            IterativeSteps = 3,
            RoundTo = 1,
            Policy = new EarlyPruningIndicatorPolicy { Tau = 1, Deadline = 0.4, ObservationsPerEpoch = 2 },
        }, // at 1.5 epochs
        Training = new() { Epochs = 3, BatchSize = 16, LearningRate = 0.1, MemoryFormat = MemoryFormat.ChannelsLast },
        Threads = 1, // not measured: the same on every machine
    };

    /// <summary>
    /// The run with all kinds of state: moments, an average, a teacher, growing batches with micro-batches.
    /// </summary>
    public static readonly PruningAwareTrainingOptions Everything = Options with
    {
        Pruning = Options.Pruning with { Distillation = new(), BatchGrowth = 8 },
        Training = Options.Training with
        {
            Epochs = 4,
            Optimizer = Optimizer.AdamW,
            LearningRate = 0.01,
            MaxGradientNorm = 1,
            GradientAccumulationSteps = 2,
            EmaDecay = 0.9,
        },
    };

    public TinyRun(
        PruningAwareTrainingOptions options,
        Action<RunEvent>? observe = null,
        int images = 96,
        int seed = 1,
        bool onDisk = false,
        float[]? weights = null)
    {
        using var drawn = TinyImages.Store(images, seed: seed, weights: weights);
        using var folder = new TemporaryFolder();
        using var training = onDisk
            ? TinyImages.OnDisk(drawn, Path.Combine(folder.Name, "set.images"))
            : drawn.Subset([.. Enumerable.Range(0, images).Select(i => (long)i)]);
        using var validation = TinyImages.Store(30, seed: 2);
        (Classifier, Report, Plan) = new PruningAwareRun(options, torch.CPU, IRunObserver.Of(happened =>
        {
            if (happened is not (StepProgressed or EpochEnded)) Events.Add(happened.Text);
            if (happened.Severity == RunEventSeverity.Warning) Warnings.Add(happened.Text);
            observe?.Invoke(happened);
        })).Execute(training, validation);
    }

    public ImageClassifier Classifier { get; }

    public RunReport Report { get; }

    public PruningPlan? Plan { get; }

    /// <summary>Texts of all events except the progress of steps and epochs.</summary>
    public List<string> Events { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Hash of all weights.</summary>
    public string Weights => Hash(Classifier);

    public static string Hash(ImageClassifier classifier)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, classifier.Weights);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(stream.ToArray()));
    }

    /// <summary>Leaves the checkpoints of a run that is stopped after its second epoch, between two pruning
    /// steps.</summary>
    public static void Stop(TemporaryFolder folder)
    {
        using var source = new CancellationTokenSource();
        using var run = new TinyRun(
            Options with { Checkpoints = new() { Folder = folder.Name }, CancellationToken = source.Token },
            happened =>
            {
                if (happened is EpochEnded { Epoch: 1 })
                    source.Cancel();
            });
        Assert.That(run.Report.Stopped, Is.True);
    }

    public void Dispose() => Classifier.Dispose();
}
