using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Reporting;

namespace PaT.Studies;

/// <summary>The files of a study in its folder: every cell as CSV, everything as JSON, the page as HTML.</summary>
/// <param name="folder">The folder.</param>
/// <param name="name">The study.</param>
public sealed class StudyFiles(string folder, string name)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One row a cell.</summary>
    public string Csv => Path.Combine(folder, $"{name}.csv");

    /// <summary>Settings, cells and tables.</summary>
    public string Json => Path.Combine(folder, $"{name}.json");

    /// <summary>The page for people.</summary>
    public string Html => Path.Combine(folder, $"{name}.html");

    /// <summary>Writes all of them; each appears at once.</summary>
    /// <param name="study">The study.</param>
    /// <param name="settings">What was run.</param>
    /// <param name="results">What there is.</param>
    /// <param name="page">What was found.</param>
    public void Write(IStudy study, StudySettings settings, CellResults results, StudyPage page)
    {
        var cells = study.Cells(results).Distinct().ToList();
        var finished = cells.Where(cell => results[cell] is not null).Select(cell => (Cell: cell, Result: results[cell]!)).ToList();
        var machines = finished.Select(f => f.Result.Machine).Distinct().ToList();
        var text = settings.Describe(machines);
        Write(Csv, CsvOf(finished));
        Write(Json, JsonSerializer.Serialize(
            new
            {
                study = name,
                settings = text,
                page.Lead,
                tables = page.Tables.Select(t => new { t.Title, t.Note, t.Columns, t.Rows }),
                cells = finished.Select(f => new { id = f.Cell.Id, factors = f.Cell.Factors.ToDictionary(x => x.Name, x => x.Value), f.Result }),
                failed = results.Failed.Select(f => new { id = f.Cell.Id, name = f.Cell.Name, f.Error }),
            }, Options));
        page.WriteHtml(Html, text, results.Failed);
    }

    /// <summary>A text as a cell of CSV.</summary>
    /// <param name="text">The text.</param>
    public static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Write(string path, string content) => AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(content)));

    private static string CsvOf(IReadOnlyList<(Cell Cell, CellResult Result)> finished)
    {
        var factors = finished.SelectMany(f => f.Cell.Factors.Select(x => x.Name)).Distinct().ToList();
        var csv = new StringBuilder();
        csv.AppendJoin(',', ["cell", .. factors, "validation", "test", "epochs", "pruned_at", "parameters", "macs", "latency_ms", "mac_epochs", "seconds", "indicator_seconds", "reason"]).Append('\n');
        foreach (var (cell, r) in finished)
        {
            object?[] numbers = [r.Validation, r.Test, r.Epochs, r.PrunedAt, r.Parameters, r.Macs, r.LatencyMs, Round(r.MacEpochs), Round(r.Seconds), Round(r.IndicatorSeconds)];
            csv.AppendJoin(',', [cell.Id, .. factors.Select(f => Quoted(cell.Factor(f))), .. numbers.Select(n => Convert.ToString(n, CultureInfo.InvariantCulture)), Quoted(r.Reason ?? "")]).Append('\n');
        }

        return csv.ToString();
    }

    private static double Round(double value) => Math.Round(value, 4);
}
