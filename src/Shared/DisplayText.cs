using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.PaT.Shared;

/// <summary>Formats values for people, independently of the culture.</summary>
internal static class DisplayText
{
    public const string None = "–";

    /// <summary>Spelling of an option's value on the command line: <c>PerLayer</c> becomes <c>per-layer</c>.</summary>
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
        >= 1e-3 => value.ToString("0.####", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##e-0", CultureInfo.InvariantCulture),
    };

    public static string Percent(double fraction) => fraction.ToString("0.0%", CultureInfo.InvariantCulture);

    /// <summary>In the unit (M, G, ...) that gives the shortest number.</summary>
    public static string Macs(long macs) => macs switch
    {
        >= 1_000_000_000 => (macs / 1e9).ToString("0.00 G", CultureInfo.InvariantCulture),
        >= 1_000_000 => (macs / 1e6).ToString("0.0 M", CultureInfo.InvariantCulture),
        _ => Count(macs),
    };

    /// <summary>With at most three digits, in seconds from one second on.</summary>
    public static string Milliseconds(double milliseconds) => milliseconds switch
    {
        < 9.995 => milliseconds.ToString("0.00 ms", CultureInfo.InvariantCulture),
        < 99.95 => milliseconds.ToString("0.0 ms", CultureInfo.InvariantCulture),
        < 999.5 => milliseconds.ToString("0 ms", CultureInfo.InvariantCulture),
        _ => Seconds(milliseconds / 1000),
    };

    public static string Seconds(double seconds) => seconds switch
    {
        < 10 => seconds.ToString("0.0 s", CultureInfo.InvariantCulture),
        < 120 => seconds.ToString("0 s", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min {seconds % 60:00} s"),
    };

    /// <summary>Relative change, such as "−62%" or "+3%".</summary>
    public static string Change(double before, double after) =>
        before > 0 ? (after / before - 1).ToString("+0%;−0%;±0%", CultureInfo.InvariantCulture) : None;

    /// <summary>Ratio, such as "1.62×".</summary>
    public static string Factor(double before, double after) =>
        before > 0 ? (after / before).ToString("0.00×", CultureInfo.InvariantCulture) : None;

    /// <summary>SVG coordinate with two decimals.</summary>
    public static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
