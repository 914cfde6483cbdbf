using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>The getters of the two columns that scoring adds.</summary>
internal static class ScoredGetters
{
    /// <summary>Makes the getter of a score column.</summary>
    /// <typeparam name="TValue">What the caller expects: <c>uint</c> for the predicted label, <c>VBuffer&lt;float&gt;</c> for the scores.</typeparam>
    /// <param name="schema">Tells the columns apart.</param>
    /// <param name="column">The column.</param>
    /// <param name="scores">Gives the probabilities for the current row.</param>
    public static ValueGetter<TValue> Create<TValue>(ScoringSchema schema, DataViewSchema.Column column, Scores scores)
    {
        Delegate getter = column.Index == schema.PredictedLabel
            ? (ValueGetter<uint>)((ref uint value) => value = (uint)ScoreBuffer.ArgMax(scores()) + 1)
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => ScoreBuffer.Copy(scores(), ref value));
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type}, not values of {typeof(TValue)}.");
    }

    /// <summary>Gives the probabilities for the current row.</summary>
    public delegate ReadOnlySpan<float> Scores();
}
