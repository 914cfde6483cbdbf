using System.Xml;
using System.Xml.Linq;

namespace Microsoft.ML.PaT.Shared;

/// <summary>Elements of a page that is valid HTML and well-formed XML. The XML writer encodes all text.</summary>
internal static class Html
{
    private const char Replacement = '\uFFFD';

    /// <param name="content">Attributes, children and text; null values are skipped.</param>
    public static XElement Element(string name, params object?[] content)
    {
        var element = new XElement(name);
        foreach (var item in content)
        {
            element.Add(item is string text ? Printable(text) : item);
        }
        // HTML does not allow <td/>: an empty element needs an end tag, unless it is a void element or SVG.
        if (element.IsEmpty
            && name is not ("meta" or "br" or "path" or "line" or "rect" or "circle" or "polyline" or "col" or "img"))
        {
            element.Value = "";
        }
        return element;
    }

    public static XAttribute Attribute(string name, string value) => new(name, Printable(value));

    public static XAttribute Class(string value) => new("class", value);

    public static XElement Heading(string scope, params object?[] content) =>
        Element("th", [new XAttribute("scope", scope), .. content]);

    /// <summary>A table in a box that scrolls horizontally on narrow screens.</summary>
    /// <param name="caption">Read out by screen readers.</param>
    /// <param name="rows">Rows; the first cell of each is its heading.</param>
    public static XElement Table(
        string caption, IEnumerable<object> columns, IEnumerable<IReadOnlyList<object?>> rows) =>
        Element(
            "div",
            Class("scroll"),
            Attribute("tabindex", "0"),
            Attribute("role", "region"),
            Attribute("aria-label", caption),
            Element(
                "table",
                Element("caption", caption),
                Element("thead", Element("tr", columns.Select(column => Heading("col", column)))),
                Element(
                    "tbody",
                    rows.Select(row =>
                        Element("tr", Heading("row", row[0]), row.Skip(1).Select(cell => Element("td", cell)))))));

    /// <summary>Class and file names may contain characters that XML does not allow; they are replaced.</summary>
    private static string Printable(string text)
    {
        var characters = text.ToCharArray();
        for (var i = 0; i < characters.Length; i++)
        {
            if (i + 1 < characters.Length && XmlConvert.IsXmlSurrogatePair(characters[i + 1], characters[i]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(characters[i]))
            {
                characters[i] = Replacement;
            }
        }
        return new string(characters);
    }
}
