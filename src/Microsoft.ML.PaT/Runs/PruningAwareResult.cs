namespace Microsoft.ML.PaT.Runs;

/// <summary>What a run leaves behind.</summary>
/// <param name="Classifier">The compact model (the dense one under the policy <c>never</c>), on the CPU; owned by the caller.</param>
/// <param name="Report">What happened.</param>
/// <param name="Plan">Which channels of the dense network stayed; null when nothing was pruned.</param>
internal sealed record PruningAwareResult(ImageClassifier Classifier, RunReport Report, PruningPlan? Plan)
{
    /// <summary>Validation accuracy of <see cref="Classifier"/>, fraction 0 to 1; null without validation images or before the first epoch.</summary>
    public double? Accuracy { get; init; }
}
