namespace Microsoft.ML.PaT;

/// <summary>How well one class is told from the others.</summary>
/// <param name="Pictures">Pictures of the class.</param>
/// <param name="Predicted">Pictures that were taken for it, rightly or wrongly.</param>
/// <param name="Correct">Pictures of it that were taken for it. Over <paramref name="Pictures"/> it is the recall, over <paramref name="Predicted"/> the precision.</param>
public sealed record ClassReport(int Pictures, int Predicted, int Correct);
