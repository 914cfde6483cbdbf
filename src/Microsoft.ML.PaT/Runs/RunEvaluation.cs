using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>What can be said of a finished run only: how its network classifies the validation images, and how fast it is beside the dense one.</summary>
/// <param name="options">The run's options.</param>
/// <param name="device">Where it trained.</param>
internal sealed class RunEvaluation(PruningAwareTrainingOptions options, torch.Device device)
{
    /// <summary>Batch sizes that every report has: one image as it comes, and as many as servers gather.</summary>
    private static readonly int[] s_batches = [1, 32];

    /// <summary>Completes a report.</summary>
    /// <param name="result">What the run left.</param>
    /// <param name="validation">Images that were held out; null for none.</param>
    public RunReport Of(PruningAwareResult result, ImageDataset? validation)
    {
        using var scope = torch.NewDisposeScope();
        var (classifier, report) = (result.Classifier, result.Report);
        using var final = new TrainableNetwork(classifier.Network, classifier.Weights, device);
        using var augmentation = new BatchAugmentation(classifier.Input, options.Images, classifier.Normalization, device, final.ChannelsLast);
        return report with
        {
            Classification = validation is null ? null : Evaluation.Classify(final, validation, augmentation, "validation"),
            Latencies = Latencies(report, final),
        };
    }

    private IReadOnlyList<LatencyReport> Latencies(RunReport report, TrainableNetwork final)
    {
        using var generator = new torch.Generator((ulong)options.Training.Seed);
        // Of the dense network only the shape is left, and time depends on nothing else.
        using var dense = report.Compact is null ? null : TrainableNetwork.Initialize(options.Network.Build(final.Definition.Input, final.Definition.Classes), generator, device);
        var measured = s_batches.Where(batch => batch != report.LatencyBatch).Select(batch => dense is null
            ? new LatencyReport(batch, Evaluation.LatencyMs(final, batch), null, null)
            : new(batch, Evaluation.LatencyMs(dense, batch), Evaluation.LatencyMs(final, batch), null));
        return [.. measured.Append(new(report.LatencyBatch, report.Dense.LatencyMs, report.Compact?.LatencyMs, report.PredictedLatencyMs)).OrderBy(l => l.Batch)];
    }
}
