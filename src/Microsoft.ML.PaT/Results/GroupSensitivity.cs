namespace Microsoft.ML.PaT.Reporting;

/// <summary>One group of a <see cref="SensitivityReport"/>.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Width">Its channels.</param>
/// <param name="Kept">Channels kept, for each ratio.</param>
/// <param name="Accuracy">Accuracy with these alone, fraction 0 to 1, for each ratio.</param>
public sealed record GroupSensitivity(string Group, int Width, IReadOnlyList<int> Kept, IReadOnlyList<double> Accuracy);
