using System.Xml;
using System.Xml.Linq;

namespace Microsoft.ML.PaT.Reporting;

/// <summary>Elements of a page that is HTML and well-formed XML at once; all text is encoded by the XML writer.</summary>
internal static class Html
{
    private const char Replacement = '\uFFFD';

    /// <summary>An element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Attributes, children and text; null stands for nothing.</param>
    public static XElement Element(string name, params object?[] content)
    {
        var element = new XElement(name);
        foreach (var item in content)
        {
            element.Add(item is string text ? Printable(text) : item);
        }
        // HTML knows no <td/>: an empty element needs its end tag, unless it is void or SVG.
        if (element.IsEmpty && name is not ("meta" or "br" or "path" or "line" or "rect" or "circle" or "polyline" or "col" or "img"))
        {
            element.Value = "";
        }
        return element;
    }

    public static XAttribute Attribute(string name, string value) => new(name, Printable(value));

    public static XAttribute Class(string value) => new("class", value);

    /// <summary>A heading cell for a column or a row.</summary>
    public static XElement Heading(string scope, params object?[] content) => Element("th", [new XAttribute("scope", scope), .. content]);

    /// <summary>A table inside a box that scrolls sideways where the screen is narrower.</summary>
    /// <param name="caption">What it shows; read out by screen readers.</param>
    /// <param name="columns">Column headings.</param>
    /// <param name="rows">Rows; the first cell of each is its heading.</param>
    public static XElement Table(string caption, IEnumerable<object> columns, IEnumerable<IReadOnlyList<object?>> rows) =>
        Element("div", Class("scroll"), Attribute("tabindex", "0"), Attribute("role", "region"), Attribute("aria-label", caption),
            Element("table",
                Element("caption", caption),
                Element("thead", Element("tr", columns.Select(column => Heading("col", column)))),
                Element("tbody", rows.Select(row => Element("tr", Heading("row", row[0]), row.Skip(1).Select(cell => Element("td", cell)))))));

    /// <summary>Names of classes and files may hold anything; what XML cannot carry becomes a replacement character.</summary>
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
