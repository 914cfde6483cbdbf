using System.Xml.Linq;
using static Microsoft.ML.PaT.Reporting.Html;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>The frame of every page: language, width of telephones, both color schemes, the style sheet, a heading with what was run below it.</summary>
internal static class HtmlPage
{
    /// <summary>The page as text; it is well-formed XML too.</summary>
    /// <param name="title">What the browser's tab says.</param>
    /// <param name="heading">The heading.</param>
    /// <param name="subtitle">What was run, one line.</param>
    /// <param name="lead">What came of it, in a few sentences.</param>
    /// <param name="sections">The rest, in order; null stands for nothing.</param>
    public static string Of(string title, string heading, string subtitle, string lead, params IEnumerable<XElement?> sections)
    {
        var page = Element("html", Attribute("lang", "en"),
            Element("head",
                Element("meta", Attribute("charset", "utf-8")),
                // Whatever a report holds, its page fetches nothing and runs nothing.
                Element("meta", Attribute("http-equiv", "Content-Security-Policy"), Attribute("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")),
                Element("meta", Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")),
                Element("meta", Attribute("name", "color-scheme"), Attribute("content", "light dark")),
                Element("title", title),
                Element("style", HtmlReportStyle.Css)),
            Element("body",
                Element("main",
                    Element("h1", heading),
                    Element("p", Class("subtitle"), subtitle),
                    Element("p", Class("lead"), lead),
                    sections)));
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    /// <summary>A part with a heading; null when nothing is in it.</summary>
    public static XElement? Section(string title, params IEnumerable<XElement?> content)
    {
        var shown = content.Where(element => element is not null).ToList();
        return shown.Count == 0 ? null : Element("section", Element("h2", title), shown);
    }
}
