namespace Microsoft.ML.PaT.Reporting;

/// <summary>An image that was classified wrongly, and how sure the network was of it.</summary>
/// <param name="Name">Where it comes from; null where that is not known.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predicted">The class it was taken for.</param>
/// <param name="Probability">The probability that its own class got, fraction 0 to 1.</param>
/// <param name="Confidence">The probability that the other class got, fraction 0 to 1.</param>
/// <param name="Loss">-ln of <paramref name="Probability"/>, at most 34.5.</param>
/// <param name="Png">The image, at most 48 pixels high and wide: a PNG file in base 64.</param>
public sealed record WorstImage(string? Name, string Label, string Predicted, double Probability, double Confidence, double Loss, string Png);
