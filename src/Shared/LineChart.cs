using System.Xml.Linq;
using static Microsoft.ML.PaT.Shared.Html;
using static Microsoft.ML.PaT.Shared.DisplayText;

namespace Microsoft.ML.PaT.Shared;

/// <summary>Style is a class of the style sheet.</summary>
internal sealed record Curve(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);

/// <summary>
/// A chart of curves over epochs. The SVG is 360 units wide, the width of a phone, so that its text stays readable
/// there.
/// </summary>
internal sealed class LineChart
{
    private const double Width = 360, Height = 210, Left = 46, Right = 10, Top = 10, Bottom = 34;

    private readonly string _title;
    private readonly Func<double, string> _format;
    private readonly bool _fromZero;
    private readonly List<Curve> _curves;
    private readonly List<(string Name, string Style, double Y)> _levels = [];
    private readonly List<(string Name, double X)> _moments = [];

    /// <param name="title">Title with the unit.</param>
    /// <param name="format">Formats a value.</param>
    /// <param name="fromZero">Whether the axis starts at zero.</param>
    /// <param name="curves">Curves; non-finite points are skipped.</param>
    public LineChart(string title, Func<double, string> format, bool fromZero, params IEnumerable<Curve> curves)
    {
        (_title, _format, _fromZero) = (title, format, fromZero);
        _curves =
        [
            .. curves
                .Select(curve =>
                    curve with
                    {
                        Points = [.. curve.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))],
                    })
                .Where(curve => curve.Points.Count > 0),
        ];
    }

    public string Axis { get; init; } = "epoch";

    public void AddLevel(string name, string style, double y) => _levels.Add((name, style, y));

    public void AddMoment(string name, double x) => _moments.Add((name, x));

    /// <summary>Returns null if there are no points.</summary>
    public XElement? Draw()
    {
        if (_curves.Count == 0)
        {
            return null;
        }
        var points = _curves.SelectMany(curve => curve.Points).ToList();
        var xs = points.Select(point => point.X).Concat(_moments.Select(moment => moment.X)).ToList();
        var ys = points.Select(point => point.Y).Concat(_levels.Select(level => level.Y)).ToList();
        // A chart of less than two epochs would have a single whole number.
        var whole = xs.Max() - xs.Min() >= 2 || xs.All(double.IsInteger);
        var x = new AxisScale(xs.Min(), xs.Max(), Left, Width - Right, 6, whole, outwards: false);
        var y = new AxisScale(_fromZero ? Math.Min(0, ys.Min()) : ys.Min(), ys.Max(), Height - Bottom, Top, 5);
        return Element("figure",
            Element("figcaption", _title, Range(y)),
            Legend(),
            Element(
                "svg",
                Attribute("viewBox", $"0 0 {Coordinate(Width)} {Coordinate(Height)}"),
                Attribute("role", "img"),
                Attribute("aria-label", Summary()),
                Axes(x, y),
                _levels.Select(level =>
                    Line(
                        $"curve {level.Style}",
                        Left,
                        y.Position(level.Y),
                        Width - Right,
                        y.Position(level.Y),
                        $"{level.Name}: {_format(level.Y)}")),
                _moments.Select(moment =>
                    Line(
                        "curve pruned", x.Position(moment.X), Top, x.Position(moment.X), Height - Bottom,
                        moment.Name)),
                _curves.Select(curve => Draw(curve, x, y))));
    }

    /// <summary>The range of an axis that does not start at zero, on which differences look larger.</summary>
    private XElement? Range(AxisScale y) => y.Low == 0
        ? null
        : Element("span", Class("note"), $" (axis from {_format(y.Low)} to {_format(y.High)})");

    private IEnumerable<XElement> Axes(AxisScale x, AxisScale y)
    {
        foreach (var tick in y.Ticks)
        {
            yield return Line("grid", Left, y.Position(tick), Width - Right, y.Position(tick));
            yield return Text(_format(tick), "end", Left - 5, y.Position(tick) + 4);
        }
        foreach (var tick in x.Ticks)
        {
            yield return Text(Number(tick), "middle", x.Position(tick), Height - Bottom + 15);
        }
        yield return Text(Axis, "middle", (Left + Width - Right) / 2, Height - 4);
    }

    private XElement Draw(Curve curve, AxisScale x, AxisScale y) =>
        Element(
            "g",
            Element(
                "polyline",
                Class($"curve {curve.Style}"),
                Attribute(
                    "points",
                    string.Join(
                        ' ',
                        curve.Points.Select(p => $"{Coordinate(x.Position(p.X))},{Coordinate(y.Position(p.Y))}")))),
            curve.Points.Select(p =>
                Element(
                    "circle",
                    Class($"point {curve.Style}"),
                    Attribute("r", "2.2"),
                    Attribute("cx", Coordinate(x.Position(p.X))),
                    Attribute("cy", Coordinate(y.Position(p.Y))),
                    Element("title", $"{curve.Name}, {Axis} {Number(p.X)}: {_format(p.Y)}"))));

    private XElement Legend() =>
        Element("p", Class("legend"),
            _curves.Select(curve => Key(curve.Name, curve.Style)),
            _levels.Select(level => Key($"{level.Name} {_format(level.Y)}", level.Style)),
            _moments.Select(moment => Key(moment.Name, "pruned")));

    private string Summary() =>
        $"{_title}. "
        + string.Join(
            " ",
            _curves.Select(curve =>
                $"{curve.Name}: from {_format(curve.Points[0].Y)} to {_format(curve.Points[^1].Y)}."));

    private static XElement Key(string name, string style) =>
        Element("span", Element("i", Class($"key {style}"), Attribute("aria-hidden", "true")), name);

    private static XElement Line(string style, double x1, double y1, double x2, double y2, string? title = null) =>
        Element(
            "line",
            Class(style),
            Attribute("x1", Coordinate(x1)),
            Attribute("y1", Coordinate(y1)),
            Attribute("x2", Coordinate(x2)),
            Attribute("y2", Coordinate(y2)),
            title is null ? null : Element("title", title));

    private static XElement Text(string text, string anchor, double x, double y) =>
        Element(
            "text",
            Attribute("text-anchor", anchor),
            Attribute("x", Coordinate(x)),
            Attribute("y", Coordinate(y)),
            text);
}
