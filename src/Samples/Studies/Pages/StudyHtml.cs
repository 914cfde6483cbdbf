using System.Xml.Linq;
using static Microsoft.ML.PaT.Html;

namespace Microsoft.ML.PaT.Samples;

/// <summary>A study as one HTML file that needs no network and no script, in the style of the report of a run.</summary>
internal static class StudyHtml
{
    /// <summary>The page as text.</summary>
    /// <param name="page">What was found.</param>
    /// <param name="settings">What was run, one line.</param>
    /// <param name="failed">Cells without a result.</param>
    public static string Of(StudyPage page, string settings, IReadOnlyCollection<(Cell Cell, string Error)> failed)
    {
        var charts = page.Charts.Where(chart => chart is not null).ToList();
        var html = Element("html", Attribute("lang", "en"),
            Element("head",
                Element("meta", Attribute("charset", "utf-8")),
                Element("meta", Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")),
                Element("meta", Attribute("name", "color-scheme"), Attribute("content", "light dark")),
                Element("title", page.Title),
                Element("style", HtmlReportStyle.Css)),
            Element("body",
                Element("main",
                    Element("h1", page.Title),
                    Element("p", Class("subtitle"), settings),
                    Element("p", Class("lead"), page.Lead),
                    charts.Count == 0 ? null : Element("section", Element("div", Class("charts"), charts)),
                    page.Tables.Select(Section),
                    Failures(failed))));
        return "<!DOCTYPE html>\n" + html.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static XElement Section(StudyTable table) => Element("section",
        Element("h2", table.Title),
        table.Note.Length == 0 ? null : Element("p", Class("note"), table.Note),
        Table(table.Title, table.Columns, table.Rows.Select(row => row.Cast<object?>().ToList())));

    private static XElement? Failures(IReadOnlyCollection<(Cell Cell, string Error)> failed) => failed.Count == 0 ? null : Element("section",
        Element("h2", "Cells without a result"),
        Element("ul", failed.Select(f => Element("li", $"{f.Cell.Name}: {f.Error}"))));
}
