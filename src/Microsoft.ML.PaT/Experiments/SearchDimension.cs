using System.Globalization;

namespace Microsoft.ML.PaT.Experiments;

/// <summary>An axis of a search space without its type: what samplers see, and how a position on it becomes an option.</summary>
internal abstract class SearchDimension(string name)
{
    /// <summary>Its name, such as <c>LearningRate</c>.</summary>
    public string Name => name;

    /// <summary>How many values it has; null for a range.</summary>
    public abstract int? Choices { get; }

    /// <summary>The positions that a grid tries, 0 to 1.</summary>
    public abstract double[] Positions { get; }

    /// <summary>What is wrong with the axis, to follow its name; null when nothing is.</summary>
    public abstract string? Error { get; }

    /// <summary>The positions that stand for all when options are checked: every value of a choice, both ends of a range.</summary>
    public double[] Corners => Choices is null ? [0, 1] : Positions;

    /// <summary>The value at a position, as text.</summary>
    public abstract string Text(double position);

    /// <summary>Options with the value at a position.</summary>
    public abstract PruningAwareTrainingOptions Apply(PruningAwareTrainingOptions options, double position);

    /// <summary>The dimension of an axis.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="axis">Its values.</param>
    /// <param name="apply">Puts a value into options.</param>
    /// <param name="text">Spells a value; null for numbers and what spells itself.</param>
    public static SearchDimension Of<T>(string name, SearchAxis<T> axis, Func<PruningAwareTrainingOptions, T, PruningAwareTrainingOptions> apply, Func<T, string>? text = null) where T : notnull =>
        new Typed<T>(name, axis, apply, text ?? (value => Convert.ToString(value, CultureInfo.InvariantCulture)!));

    private sealed class Typed<T>(string name, SearchAxis<T> axis, Func<PruningAwareTrainingOptions, T, PruningAwareTrainingOptions> apply, Func<T, string> text) : SearchDimension(name) where T : notnull
    {
        public override int? Choices => axis.IsRange ? null : axis.Values.Count;

        public override double[] Positions => axis.Positions;

        public override string? Error => axis.Error;

        public override string Text(double position) => text(axis.At(position));

        public override PruningAwareTrainingOptions Apply(PruningAwareTrainingOptions options, double position) => apply(options, axis.At(position));
    }
}
