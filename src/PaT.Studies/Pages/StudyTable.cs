using System.Globalization;
using Microsoft.ML.PaT.Core;

namespace PaT.Studies;

/// <summary>A table of a study: the same cells for people, programs and the page.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Its columns.</param>
public sealed record StudyTable(string Title, params IReadOnlyList<string> Columns)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>What has to be known to read it; empty for nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>Its rows, one text a column.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One text a column.</param>
    public void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    /// <summary>What every study says of some runs: how many, validation and test accuracy, the difference to the dense runs, parameters, million multiply-accumulates.</summary>
    /// <param name="runs">The runs, by seed.</param>
    /// <param name="dense">The dense runs, by seed.</param>
    public static IReadOnlyList<string> Outcome(Dictionary<int, CellResult> runs, Dictionary<int, CellResult> dense) =>
    [
        runs.Count.ToString(CultureInfo.InvariantCulture),
        Percent(Sample.Of(runs.Values(r => r.Validation).Values)),
        Percent(Sample.Of(runs.Tests().Values)),
        Difference(Sample.OfDifferences(runs.Tests(), dense.Tests())),
        Count(runs.Mean(r => r.Parameters)),
        Number(runs.Mean(r => r.Macs / 1e6)),
    ];

    /// <summary>Percentage points with their spread: <c>53.21 ± 0.80</c>; without a spread where there is one value, a dash where there is none.</summary>
    /// <param name="sample">Fractions 0 to 1.</param>
    public static string Percent(Sample sample) => sample.Count == 0 ? "–" : Number(100 * sample.Mean) + (sample.Count > 1 ? $" ± {Number(100 * sample.Deviation)}" : "");

    /// <summary>A difference in percentage points with its 95% interval: <c>-0.40 [-1.20, 0.40]</c>.</summary>
    /// <param name="sample">Differences of fractions.</param>
    public static string Difference(Sample sample)
    {
        if (sample.Count == 0)
        {
            return "–";
        }

        var (mean, margin) = (100 * sample.Mean, 100 * sample.Margin);
        return sample.Count > 1 ? $"{Signed(mean)} [{Signed(mean - margin)}, {Signed(mean + margin)}]" : Signed(mean);
    }

    /// <summary>A number with two digits after the point.</summary>
    /// <param name="value">The number; NaN gives a dash.</param>
    public static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    /// <param name="value">The number; NaN gives a dash.</param>
    public static string Count(double value) => double.IsNaN(value) ? "–" : value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Writes it as Markdown, which terminals show well enough and documents take as it is.</summary>
    /// <param name="output">Where it goes.</param>
    public void Write(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{Title}{(Note.Length > 0 ? $". {Note}" : "")}");
        output.WriteLine();
        output.WriteLine($"| {string.Join(" | ", Columns)} |");
        output.WriteLine($"|{string.Concat(Columns.Select(_ => "---|"))}");
        _rows.ForEach(row => output.WriteLine($"| {string.Join(" | ", row)} |"));
    }

    private static string Signed(double value) => double.IsNaN(value) ? "–" : value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
