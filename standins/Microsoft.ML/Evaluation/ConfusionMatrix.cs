using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How many rows of each true class (first index) were predicted as which class (second index).</summary>
public sealed class ConfusionMatrix
{
    private readonly double[][] _counts;
    private readonly IReadOnlyList<string> _names;

    internal ConfusionMatrix(double[][] counts, IReadOnlyList<string> names)
    {
        _counts = counts;
        _names = names;
        PerClassRecall = counts.Select((row, i) => Share(row[i], row.Sum())).ToArray();
        PerClassPrecision = counts.Select((row, i) => Share(row[i], counts.Sum(r => r[i]))).ToArray();
    }

    public IReadOnlyList<double> PerClassPrecision { get; }
    public IReadOnlyList<double> PerClassRecall { get; }
    public IReadOnlyList<IReadOnlyList<double>> Counts => _counts;
    public int NumberOfClasses => _counts.Length;

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        Check(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex));
        Check(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex));
        return _counts[predictedClassIndicatorIndex][actualClassIndicatorIndex];
    }

    public string GetFormattedConfusionTable()
    {
        int width = Math.Max(9, _names.Max(n => n.Length) + 2);
        var text = new StringBuilder("Confusion table").AppendLine();
        text.Append("PREDICTED".PadLeft(width)).Append(" |").AppendJoin(" |", _names.Select(n => n.PadLeft(width))).Append(" | Recall").AppendLine();
        text.AppendLine("TRUTH".PadLeft(width));
        for (int i = 0; i < NumberOfClasses; i++)
            text.Append(_names[i].PadLeft(width)).Append(" |")
                .AppendJoin(" |", _counts[i].Select(c => c.ToString("N0", CultureInfo.InvariantCulture).PadLeft(width)))
                .Append(CultureInfo.InvariantCulture, $" | {PerClassRecall[i]:F4}").AppendLine();
        text.Append("Precision".PadLeft(width)).Append(" |")
            .AppendJoin(" |", PerClassPrecision.Select(p => p.ToString("F4", CultureInfo.InvariantCulture).PadLeft(width))).AppendLine(" |");
        return text.ToString();
    }

    private void Check(int index, string name)
    {
        if ((uint)index >= (uint)NumberOfClasses) throw new ArgumentOutOfRangeException(name, index, $"There are {NumberOfClasses} classes.");
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
