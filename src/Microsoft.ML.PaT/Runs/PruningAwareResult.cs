using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT;

/// <summary>The result of a training run. Owns the classifier.</summary>
/// <param name="Classifier">The compact classifier (the dense one if nothing was pruned), on the CPU.</param>
/// <param name="Report">Epochs, observations, decision, costs and times of the run.</param>
/// <param name="Plan">The kept channels of the dense network; null if nothing was pruned.</param>
public sealed record PruningAwareResult(ImageClassifier Classifier, RunReport Report, PruningPlan? Plan) : IDisposable
{
    /// <summary>
    /// Validation accuracy of <see cref="Classifier"/>, fraction 0 to 1; null without validation images or before the
    /// first epoch.
    /// </summary>
    public double? Accuracy { get; init; }

    /// <summary>Disposes the classifier.</summary>
    public void Dispose() => Classifier.Dispose();

    /// <summary>
    /// The result of a run after its last phase. A run that reached its last epoch returns the final network, trained
    /// to a learning rate of zero; one that ended before returns the best network so far.
    /// </summary>
    internal static PruningAwareResult Of(RunContext run, double readSeconds, bool evaluates)
    {
        if (run.Cursor.SoFar.Images > 0) run.EvaluateEpoch(); // canceled within an epoch
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (network, endsEarly) = (run.Network, run.Cursor.Epoch < run.Recorder.Epochs);
        var best = endsEarly ? run.Best.Epoch : null;
        // A run can end between the cut and the next step: the last epoch evaluated the dense network.
        var last = run.Recorder.Record.Epochs.LastOrDefault();
        var afterCut = network.Plan is not null && last?.Phase is TrainingPhase.Dense ? run.Accuracy() : null;
        using var average = WeightAverage.Show(network.Trained);
        if (best is not null)
        {
            foreach (var (name, tensor) in run.Best.Weights) network.Trained.Tensors[name].copy_(tensor);
        }
        var isStopped = endsEarly && !run.IsOutOfPatience;
        var measured = RunEvaluation.Of(run, isComplete: evaluates && !isStopped);
        var report = run.Recorder.Report(network.Definition, run.Groups, readSeconds, measured, isStopped);
        var weights = network.Trained.Tensors.ToDictionary(t => t.Key, t => t.Value.detach().cpu().contiguous());
        var classifier = new ImageClassifier(network.Definition, weights, run.Normalization, run.Training.Classes)
        {
            Resizing = run.Options.Images.Resizing,
        };
        return new(classifier, report, network.Plan?.For(run.Groups))
        {
            Accuracy = afterCut ?? best?.Accuracy ?? report.Epochs.LastOrDefault()?.Accuracy,
        };
    }
}
