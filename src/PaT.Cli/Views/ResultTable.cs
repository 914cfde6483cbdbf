using Spectre.Console;

namespace PaT.Cli;

/// <summary>Tables of results, for terminals and files.</summary>
internal static class ResultTable
{
    public static Table Create(params string[] titles)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(title).NoWrap());
        }

        return table;
    }

    /// <summary>Writes one or two models side by side, with the ratio of the last to the first.</summary>
    public static void Write(TextWriter output, IReadOnlyList<ModelColumn> models)
    {
        var table = Create(["", .. models.Select(m => m.Title), .. models.Count > 1 ? new[] { "ratio" } : []]);
        Add("parameters", m => m.Cost.Parameters, DisplayText.Count);
        Add("MACs", m => m.Cost.Macs, DisplayText.Count);
        Add("latency", m => m.Cost.LatencyMs, DisplayText.Milliseconds);
        Add("training (images/s)", m => m.ImagesPerSecond, DisplayText.Count);
        // F2 rounds 9.575 down.
        Add("test accuracy (%)", m => 100 * m.Accuracy, accuracy => $"{accuracy:0.00}", asDifference: true);
        Add("seconds", m => m.Seconds, seconds => $"{seconds:F1}");
        Write(output, table);

        void Add(
            string name, Func<ModelColumn, double?> value, Func<double, string> format, bool asDifference = false)
        {
            var values = models.Select(value).ToList();
            var cells = values.Select(v => v is { } number ? format(number) : "-").Prepend(name);
            if (models.Count > 1)
            {
                var ratio = asDifference ? $"{values[^1] - values[0]:+0.00;-0.00}"
                    : values[0] > 0 ? $"{values[^1] / values[0]:F2}" : "";
                cells = cells.Append(ratio.Length == 0 ? "-" : ratio);
            }

            table.AddRow([.. cells]);
        }
    }

    public static void Write(TextWriter output, Table table) => Consoles.On(output).Write(table);
}
