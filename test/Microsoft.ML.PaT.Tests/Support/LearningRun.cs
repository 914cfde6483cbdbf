using Microsoft.ML.PaT.Runs;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>A run on tiny images that is long enough to learn their classes, and its results.</summary>
internal sealed class LearningRun : IDisposable
{
    public static readonly PruningAwareTrainingOptions Options = new()
    {
        Network = Networks.ByName("resnet8"),
        Images = new() { RandomCropPadding = 1, HorizontalFlip = false },
        Training = new() { Epochs = 4, BatchSize = 32, LearningRate = 0.1 }, Threads = 1,
    };

    public LearningRun(PruningAwareTrainingOptions options, Action<RunEvent>? observe = null, int count = 192)
    {
        using var training = TinyImages.Store(count, seed: 1);
        using var validation = TinyImages.Store(60, seed: 2);
        (Classifier, Report, Plan) = new PruningAwareRun(
            options, torch.CPU, IRunObserver.Of(observe ?? (_ => { }))).Execute(training, validation);
    }

    public ImageClassifier Classifier { get; }

    public RunReport Report { get; }

    public PruningPlan? Plan { get; }

    public void Dispose() => Classifier.Dispose();
}
