using System.Globalization;

namespace PaT.Studies;

/// <summary>A table of a study, for the console, the JSON file and the page.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Columns">Headings of the columns.</param>
public sealed record StudyTable(string Title, params IReadOnlyList<string> Columns)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>A sentence below the heading; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>The rows, one text per column.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    /// <summary>Adds a row.</summary>
    public void Add(params IReadOnlyList<string> cells) => _rows.Add(cells);

    /// <summary>
    /// The columns that all studies have: number of runs, validation and test accuracy, difference to the dense runs,
    /// parameters, million multiply-accumulates.
    /// </summary>
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

    /// <summary>Percent with their standard deviation: <c>53.21 ± 0.80</c>; a dash without values.</summary>
    /// <param name="sample">Fractions 0 to 1.</param>
    public static string Percent(Sample sample)
    {
        if (sample.Count == 0) return "–";
        var spread = sample.Count > 1 ? $" ± {Number(100 * sample.Deviation)}" : "";
        return Number(100 * sample.Mean) + spread;
    }

    /// <summary>Difference in percentage points with its 95% confidence interval: <c>-0.40 [-1.20, 0.40]</c>.</summary>
    /// <param name="sample">Differences of fractions.</param>
    public static string Difference(Sample sample)
    {
        if (sample.Count == 0) return "–";
        var (mean, margin) = (100 * sample.Mean, 100 * sample.Margin);
        return sample.Count > 1 ? $"{Signed(mean)} [{Signed(mean - margin)}, {Signed(mean + margin)}]" : Signed(mean);
    }

    /// <summary>A number with two decimals; a dash for NaN.</summary>
    public static string Number(double value) => Text(value, "0.00");

    /// <summary>A whole number; a dash for NaN.</summary>
    public static string Count(double value) => Text(value, "#,0");

    /// <summary>Writes the table as Markdown.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{Title}{(Note.Length > 0 ? $". {Note}" : "")}");
        output.WriteLine();
        output.WriteLine($"| {string.Join(" | ", Columns)} |");
        output.WriteLine($"|{string.Concat(Columns.Select(_ => "---|"))}");
        _rows.ForEach(row => output.WriteLine($"| {string.Join(" | ", row)} |"));
    }

    private static string Signed(double value) => Text(value, "+0.00;-0.00;0.00");

    private static string Text(double value, string format) =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
}
