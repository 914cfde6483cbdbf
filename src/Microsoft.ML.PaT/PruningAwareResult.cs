namespace Microsoft.ML.PaT;

/// <summary>What a run leaves behind.</summary>
/// <param name="Classifier">The compact model (the dense one under the policy <c>never</c>), on the CPU; owned by the caller.</param>
/// <param name="Report">What happened.</param>
internal sealed record PruningAwareResult(ImageClassifier Classifier, RunReport Report);
