namespace Microsoft.ML.PaT.Results;

/// <summary>A wrongly classified image.</summary>
/// <param name="Name">Its file or name; null if it has none.</param>
/// <param name="Probability">Predicted probability of <paramref name="Label"/>, fraction 0 to 1.</param>
/// <param name="Confidence">Predicted probability of <paramref name="Predicted"/>, fraction 0 to 1.</param>
/// <param name="Loss">-ln of <paramref name="Probability"/>, at most 34.5.</param>
/// <param name="Png">The image, at most 48 pixels high and wide: a PNG file in base 64.</param>
internal sealed record WorstImage(
    string? Name, string Label, string Predicted, double Probability, double Confidence, double Loss, string Png);
