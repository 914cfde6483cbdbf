using System.Globalization;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>
/// An axis of a search space without its type: samplers use positions, which the axis maps to options.
/// </summary>
internal abstract class SearchDimension(string name)
{
    public string Name => name;

    /// <summary>Number of values; null for a range.</summary>
    public abstract int? Choices { get; }

    /// <summary>Grid positions, 0 to 1.</summary>
    public abstract double[] Positions { get; }

    /// <summary>Error message without the name of the axis; null if the axis is valid.</summary>
    public abstract string? Error { get; }

    /// <summary>Positions at which options are validated: every value of a choice, both ends of a range.</summary>
    public double[] Corners => Choices is null ? [0, 1] : Positions;

    /// <summary>Text of the value at a position.</summary>
    public abstract string Text(double position);

    public abstract PruningAwareTrainingOptions Apply(PruningAwareTrainingOptions options, double position);

    /// <param name="apply">Sets the value in options.</param>
    /// <param name="text">Formats a value; null to use ToString.</param>
    public static SearchDimension Of<T>(
        string name,
        SearchAxis<T> axis,
        Func<PruningAwareTrainingOptions, T, PruningAwareTrainingOptions> apply,
        Func<T, string>? text = null)
        where T : notnull =>
        new Typed<T>(name, axis, apply, text ?? (value => Convert.ToString(value, CultureInfo.InvariantCulture)!));

    private sealed class Typed<T>(
        string name,
        SearchAxis<T> axis,
        Func<PruningAwareTrainingOptions, T, PruningAwareTrainingOptions> apply,
        Func<T, string> text) : SearchDimension(name)
        where T : notnull
    {
        public override int? Choices => axis.IsRange ? null : axis.Values.Count;

        public override double[] Positions => axis.Positions;

        public override string? Error => axis.Error;

        public override string Text(double position) => text(axis.At(position));

        public override PruningAwareTrainingOptions Apply(PruningAwareTrainingOptions options, double position) =>
            apply(options, axis.At(position));
    }
}
