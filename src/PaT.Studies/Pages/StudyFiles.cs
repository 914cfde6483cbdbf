using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PaT.Studies;

/// <summary>The files of a study: finished cells as CSV, everything as JSON, the page as HTML.</summary>
/// <param name="folder">Their folder.</param>
/// <param name="name">Name of the study.</param>
public sealed class StudyFiles(string folder, string name)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One row per finished cell.</summary>
    public string Csv => Path.Combine(folder, $"{name}.csv");

    /// <summary>Settings, cells and tables.</summary>
    public string Json => Path.Combine(folder, $"{name}.json");

    /// <summary>The page.</summary>
    public string Html => Path.Combine(folder, $"{name}.html");

    /// <summary>Writes all files; each is replaced as a whole.</summary>
    public void Write(IStudy study, StudySettings settings, CellResults results, StudyPage page)
    {
        var finished = study.Cells(results).Distinct()
            .Where(cell => results[cell] is not null)
            .Select(cell => (Cell: cell, Result: results[cell]!))
            .ToList();
        var text = settings.Describe([.. finished.Select(f => f.Result.Machine).Distinct()]);
        Write(Csv, CsvOf(study.Columns, finished));
        Write(Json, JsonSerializer.Serialize(
            new
            {
                study = name,
                settings = text,
                page.Lead,
                tables = page.Tables.Select(t => new { t.Title, t.Note, t.Columns, t.Rows }),
                cells = finished.Select(f => new
                {
                    id = f.Cell.Id, factors = f.Cell.Factors.ToDictionary(x => x.Name, x => x.Value), f.Result,
                }),
                failed = results.Failed.Select(f => new { id = f.Cell.Id, name = f.Cell.Name, f.Error }),
            }, s_json));
        page.WriteHtml(Html, text, results.Failed);
    }

    /// <summary>A text as a field of CSV.</summary>
    public static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Write(string path, string content) =>
        AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(content)));

    private static string CsvOf(IReadOnlyList<CsvColumn> columns, IEnumerable<(Cell Cell, CellResult Result)> rows)
    {
        var csv = new StringBuilder().AppendJoin(',', columns.Select(c => c.Name)).Append('\n');
        foreach (var (cell, result) in rows)
        {
            var fields = columns.Select(c => Convert.ToString(c.Value(cell, result), CultureInfo.InvariantCulture));
            csv.AppendJoin(',', fields.Select(field => Quoted(field ?? ""))).Append('\n');
        }
        return csv.ToString();
    }
}
