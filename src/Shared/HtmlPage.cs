using System.Xml.Linq;
using static Microsoft.ML.PaT.Shared.Html;

namespace Microsoft.ML.PaT.Shared;

/// <summary>Frame of every page: language, viewport, color schemes, style sheet, heading and subtitle.</summary>
internal static class HtmlPage
{
    /// <summary>Returns the page as well-formed XML.</summary>
    /// <param name="sections">Sections in order; null values are skipped.</param>
    public static string Of(
        string title, string heading, string subtitle, params IEnumerable<XElement?> sections)
    {
        var page = Element("html", Attribute("lang", "en"),
            Element("head",
                Element("meta", Attribute("charset", "utf-8")),
                // The policy forbids scripts and network access, whatever text the report contains.
                Element(
                    "meta",
                    Attribute("http-equiv", "Content-Security-Policy"),
                    Attribute("content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")),
                Element(
                    "meta",
                    Attribute("name", "viewport"),
                    Attribute("content", "width=device-width, initial-scale=1")),
                Element("meta", Attribute("name", "color-scheme"), Attribute("content", "light dark")),
                Element("title", title),
                Element("style", HtmlStyle.Css)),
            Element("body",
                Element("main",
                    Element("h1", heading),
                    Element("p", Class("subtitle"), subtitle),
                    sections)));
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    /// <summary>Returns null if the content is empty.</summary>
    public static XElement? Section(string title, params IEnumerable<XElement?> content)
    {
        var shown = content.Where(element => element is not null).ToList();
        return shown.Count == 0 ? null : Element("section", Element("h2", title), shown);
    }
}
