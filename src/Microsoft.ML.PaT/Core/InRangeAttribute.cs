using System.Globalization;

namespace Microsoft.ML.PaT.Core;

/// <summary>The range of an option: read by validation, by the help of the command line and by the docs.</summary>
/// <param name="max">The largest value; infinite where any finite value is allowed.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InRangeAttribute(double min, double max = double.PositiveInfinity) : Attribute
{
    public bool ExcludesMin { get; set; }

    public bool ExcludesMax { get; set; }

    public bool IsFraction { get; set; }

    /// <summary>Plural, such as <c>images</c>.</summary>
    public string? Unit { get; set; }

    public bool Allows(double value) =>
        double.IsFinite(value)
        && (ExcludesMin ? value > min : value >= min)
        && (ExcludesMax ? value < max : value <= max);

    public override string ToString() =>
        (IsFraction ? "a fraction " : "") + Bounds() + (Unit is null ? "" : $" {Unit}");

    private string Bounds() => (ExcludesMin, ExcludesMax) switch
    {
        (true, _) when double.IsInfinity(max) => $"greater than {Text(min)}",
        (false, _) when double.IsInfinity(max) => $"at least {Text(min)}",
        (true, true) => $"between {Text(min)} and {Text(max)}, both excluded",
        (true, false) => $"above {Text(min)}, at most {Text(max)}",
        (false, true) => $"{Text(min)} to {Text(max)}, {Text(max)} excluded",
        _ => $"{Text(min)} to {Text(max)}",
    };

    private static string Text(double bound) => bound.ToString(CultureInfo.InvariantCulture);
}
