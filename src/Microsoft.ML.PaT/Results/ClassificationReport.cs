using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>Classification of images that the final network was not trained on, class by class.</summary>
/// <param name="Set">
/// <c>validation</c> for the validation images of the run, <c>test</c> for images that were not used in it.
/// </param>
/// <param name="Count">Number of images.</param>
/// <param name="Loss">Mean of -ln of the true class's probability.</param>
/// <param name="Classes">One for each class, in training-key order.</param>
/// <param name="Confusion">
/// The confusion matrix: a row for each true class, a column for each predicted one; null with more than a hundred
/// classes.
/// </param>
public sealed record ClassificationReport(
    string Set, int Count, double Loss, IReadOnlyList<ClassReport> Classes, IReadOnlyList<int[]>? Confusion)
{
    /// <summary>
    /// Wrongly classified images with the highest loss, in descending order; at most twelve. Empty in the report of a
    /// saved model.
    /// </summary>
    [JsonInclude]
    internal IReadOnlyList<WorstImage> Worst { get; init; } = [];
}
