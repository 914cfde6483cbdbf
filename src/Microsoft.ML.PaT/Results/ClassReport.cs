using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>How well one class is told from the others.</summary>
/// <param name="Images">Images of the class.</param>
/// <param name="Predicted">Images that were taken for it, rightly or wrongly.</param>
/// <param name="Correct">Images of it that were taken for it. Over <paramref name="Images"/> it is the recall, over <paramref name="Predicted"/> the precision.</param>
public sealed record ClassReport(int Images, int Predicted, int Correct);
