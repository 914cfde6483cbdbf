using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.PaT.Core;

/// <summary>Numbers as people read them, the same in every culture.</summary>
internal static class DisplayText
{
    public const string None = "–";

    /// <summary>An option's value as the command line spells it: <c>PerLayer</c> is <c>per-layer</c>.</summary>
    public static string Spelled(Enum value) =>
        // One word in the paper.
        JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString().Replace("AdamW", "Adamw"));

    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e4 => Count(value),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    public static string Percent(double fraction) => fraction.ToString("0.0%", CultureInfo.InvariantCulture);

    /// <summary>Multiply-accumulates in the unit that keeps them short.</summary>
    public static string Macs(long macs) => macs switch
    {
        >= 1_000_000_000 => (macs / 1e9).ToString("0.00 G", CultureInfo.InvariantCulture),
        >= 1_000_000 => (macs / 1e6).ToString("0.0 M", CultureInfo.InvariantCulture),
        _ => Count(macs),
    };

    public static string Milliseconds(double milliseconds) => milliseconds.ToString("0.00 ms", CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => seconds switch
    {
        < 10 => seconds.ToString("0.0 s", CultureInfo.InvariantCulture),
        < 120 => seconds.ToString("0 s", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min {seconds % 60:00} s"),
    };

    /// <summary>What became of a cost: "−62%" or "+3%".</summary>
    public static string Change(double before, double after) =>
        before > 0 ? (after / before - 1).ToString("+0%;−0%;±0%", CultureInfo.InvariantCulture) : None;

    /// <summary>What became of a speed: "1.62×".</summary>
    public static string Factor(double before, double after) =>
        before > 0 ? (after / before).ToString("0.00×", CultureInfo.InvariantCulture) : None;

    /// <summary>A coordinate in an SVG image.</summary>
    public static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
