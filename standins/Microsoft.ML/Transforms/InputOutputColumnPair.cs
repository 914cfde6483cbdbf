namespace Microsoft.ML;

/// <summary>Names an output column and the input column it is computed from.</summary>
public sealed class InputOutputColumnPair
{
    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName ?? outputColumnName;
    }

    public string InputColumnName { get; }
    public string OutputColumnName { get; }

    internal static IReadOnlyList<InputOutputColumnPair> Of(string output, string input) => [new(output, input)];

    internal static IReadOnlyList<InputOutputColumnPair> Checked(InputOutputColumnPair[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Length > 0 ? columns : throw new ArgumentOutOfRangeException(nameof(columns), "At least one column is needed.");
    }
}
