using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Pipeline;

internal static class ScoredGetters
{
    /// <typeparam name="TValue">
    /// <c>uint</c> for the predicted label, <c>VBuffer&lt;float&gt;</c> for the scores.
    /// </typeparam>
    /// <param name="scores">Returns the probabilities of the current row.</param>
    public static ValueGetter<TValue> Create<TValue>(ScoringSchema schema, DataViewSchema.Column column, Scores scores)
    {
        Delegate getter = column.Index == schema.PredictedLabel
            ? (ValueGetter<uint>)((ref uint value) => value = (uint)ScoreBuffer.ArgMax(scores()) + 1)
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => ScoreBuffer.Copy(scores(), ref value));
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds {column.Type}, not values of {typeof(TValue)}.");
    }

    public delegate ReadOnlySpan<float> Scores();
}
