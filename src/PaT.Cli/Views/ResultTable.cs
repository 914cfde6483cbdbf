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
        Add("parameters", m => m.Cost.Parameters, "N0");
        Add("MACs", m => m.Cost.Macs, "N0");
        Add("latency (ms)", m => m.Cost.LatencyMs, "F2");
        Add("training (images/s)", m => m.ImagesPerSecond, "N0");
        Add("test accuracy (%)", m => 100 * m.Accuracy, "0.00", asDifference: true); // F2 rounds 9.575 down
        Add("seconds", m => m.Seconds, "F1");
        Write(output, table);

        void Add(string name, Func<ModelColumn, double?> value, string format, bool asDifference = false)
        {
            var values = models.Select(value).ToList();
            var cells = values.Select(v => v?.ToString(format) ?? "-").Prepend(name);
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
