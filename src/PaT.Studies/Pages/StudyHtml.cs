using System.Xml.Linq;
using static Microsoft.ML.PaT.Shared.Html;

namespace PaT.Studies;

/// <summary>A study as one HTML file without scripts and links, in the style of the report of a run.</summary>
internal static class StudyHtml
{
    public static string Of(StudyPage page, string settings, IReadOnlyCollection<(Cell Cell, string Error)> failed)
    {
        var charts = page.Charts.Where(chart => chart is not null).ToList();
        var figures = charts.Count == 0 ? null : Element("section", Element("div", Class("charts"), charts));
        return HtmlPage.Of(
            page.Title, page.Title, settings,
            [Element("p", Class("lead"), page.Lead), figures, .. page.Tables.Select(Section), Failures(failed)]);
    }

    private static XElement Section(StudyTable table) => Element("section",
        Element("h2", table.Title),
        table.Note.Length == 0 ? null : Element("p", Class("note"), table.Note),
        Table(table.Title, table.Columns, table.Rows.Select(row => row.Cast<object?>().ToList())));

    private static XElement? Failures(IReadOnlyCollection<(Cell Cell, string Error)> failed) => failed.Count == 0
        ? null
        : Element("section",
            Element("h2", "Cells without a result"),
            Element("ul", failed.Select(f => Element("li", $"{f.Cell.Name}: {f.Error}"))));
}
