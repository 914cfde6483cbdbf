namespace Microsoft.ML.PaT.Reporting;

/// <summary>How the final network classifies images that it was not trained on, class by class.</summary>
/// <param name="Set">Which images: <c>validation</c>, which were held out, or <c>test</c>, which took no part in the run.</param>
/// <param name="Count">How many.</param>
/// <param name="Loss">Mean of -ln of the probability that the true class got.</param>
/// <param name="Classes">One for each class, in training-key order.</param>
/// <param name="Confusion">For each class a row: how many of its images were taken for each class; null with more than a hundred classes.</param>
/// <param name="Worst">Wrong ones with the highest loss, that first; at most twelve. Empty in the report inside a saved model, which goes to places where images must not.</param>
public sealed record ClassificationReport(
    string Set, int Count, double Loss, IReadOnlyList<ClassReport> Classes, IReadOnlyList<int[]>? Confusion, IReadOnlyList<WorstImage> Worst);
