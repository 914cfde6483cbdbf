using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Pipeline;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>A trial with its model.</summary>
public sealed record PruningRunDetail : PruningTrial
{
    private readonly Lazy<PruningAwareTrainingTransformer> _model;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    internal PruningRunDetail(PruningTrial trial, string folder, int runs, LabelValues labels, ScoringSchema schema)
        : base(trial) => _model = new(() => Load(trial, folder, runs, labels, schema));

    /// <summary>
    /// The model, loaded at the first access and owned by the <see cref="PruningExperimentResult"/>. With
    /// cross-validation, the model of the most accurate fold; to train on all images, pass
    /// <see cref="PruningTrial.Options"/> to <c>ml.PaT().ImageClassification</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The trial has not finished.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public PruningAwareTrainingTransformer Model => _model.Value;

    internal void DisposeModel()
    {
        if (_model.IsValueCreated) _model.Value.Dispose();
    }

    private static PruningAwareTrainingTransformer Load(
        PruningTrial trial, string folder, int runs, LabelValues labels, ScoringSchema schema)
    {
        if (trial.State != TrialState.Finished)
        {
            throw new InvalidOperationException(
                $"There is no model of trial {trial.Number}, which is {trial.State}; only finished ones have one.");
        }
        var models =
            Enumerable.Range(0, runs).Select(run => Open(TrialRunner.FolderOf(folder, trial.Id, runs, run))).ToList();
        var best = models.MaxBy(m => m.Report.Epochs[^1].Accuracy)!;
        foreach (var other in models.Where(m => m != best)) other.Dispose();
        return best;

        PruningAwareTrainingTransformer Open(string own)
        {
            using var file = File.OpenRead(Path.Combine(own, TrialRunner.Model));
            var (classifier, report) = ModelArchive.Load(file);
            var plan = Path.Combine(own, TrialRunner.Plan);
            return new(trial.Options, classifier, report, labels, schema)
            {
                Plan = File.Exists(plan) ? PruningPlan.Load(plan) : null,
            };
        }
    }
}
