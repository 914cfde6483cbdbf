namespace PaT.Cli;

/// <summary>Ten shapes in the unit circle as signed distances to their outline, negative inside.</summary>
internal static class Shapes
{
    /// <summary>Shapes by name, in alphabetical order.</summary>
    public static IReadOnlyList<(string Name, Func<double, double, double> Distance)> All { get; } =
    [
        ("arrow", Arrow), ("circle", Circle), ("crescent", Crescent), ("cross", Cross), ("heart", Heart),
        ("hexagon", Hexagon), ("ring", Ring), ("square", Square), ("star", Star), ("triangle", Triangle),
    ];

    private static double Arrow(double x, double y)
    {
        var shaft = Math.Max(Math.Abs(y) - 0.18, Math.Abs(x + 0.35) - 0.55);
        var head = Math.Max(0.1 - x, (0.607 * x) + (0.794 * Math.Abs(y)) - 0.577);
        return Math.Min(shaft, head);
    }

    private static double Circle(double x, double y) => Length(x, y) - 0.85;

    private static double Crescent(double x, double y) => Math.Max(Length(x, y) - 0.9, 0.72 - Length(x - 0.42, y));

    private static double Cross(double x, double y)
    {
        var (ax, ay) = (Math.Abs(x), Math.Abs(y));
        return Math.Min(Math.Max(ax - 0.9, ay - 0.27), Math.Max(ay - 0.9, ax - 0.27));
    }

    private static double Heart(double x, double y)
    {
        var ax = Math.Abs(x);
        var lobes = Length(ax - 0.42, y - 0.3) - 0.46;
        var tip = Math.Max((0.757 * ax) - (0.653 * y) - 0.555, y - 0.3);
        return Math.Min(lobes, tip);
    }

    private static double Hexagon(double x, double y)
    {
        var (ax, ay) = (Math.Abs(x), Math.Abs(y));
        return Math.Max((0.866 * ax) + (0.5 * ay), ay) - 0.8;
    }

    private static double Ring(double x, double y) => Math.Abs(Length(x, y) - 0.68) - 0.2;

    private static double Square(double x, double y) => Math.Max(Math.Abs(x), Math.Abs(y)) - 0.72;

    private static double Star(double x, double y)
    {
        // By symmetry, one tenth of the star, from a tip to the adjacent notch, is enough.
        const double Sector = Math.PI / 5;
        var angle = Math.IEEERemainder(Math.Atan2(y, x), 2 * Sector);
        var radius = Length(x, y);
        var (px, py) = ((radius * Math.Cos(angle)) - 1, radius * Math.Abs(Math.Sin(angle)));
        var (ex, ey) = ((0.42 * Math.Cos(Sector)) - 1, 0.42 * Math.Sin(Sector));
        return ((ey * px) - (ex * py)) / Length(ex, ey);
    }

    private static double Triangle(double x, double y) =>
        Math.Max(-y, Math.Max((0.866 * x) + (0.5 * y), (-0.866 * x) + (0.5 * y))) - 0.47;

    private static double Length(double x, double y) => Math.Sqrt((x * x) + (y * y));
}
