namespace Microsoft.ML.PaT;

/// <summary>The prediction for one image.</summary>
/// <param name="Label">The most probable class.</param>
/// <param name="Score">The probability of that class, 0 to 1.</param>
/// <param name="Scores">The probability of each class, in the order of <see cref="ImageClassifier.Classes"/>. They sum
/// to 1.</param>
public sealed record ImagePrediction(string Label, float Score, IReadOnlyList<float> Scores);
