using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>A data view with the score columns added: lazily, a batch of rows at a time.</summary>
/// <param name="source">The data without them.</param>
/// <param name="schema">Its schema before and after.</param>
/// <param name="classifier">Computes the scores; belongs to the transformer.</param>
internal sealed class ScoredDataView(IDataView source, ScoringSchema schema, ImageClassifier classifier) : IDataView
{
    /// <inheritdoc/>
    /// <remarks>A cursor reads the images ahead of the other columns, with a cursor of their own; both must see the same order of rows.</remarks>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public DataViewSchema Schema => schema.Output;

    /// <inheritdoc/>
    public long? GetRowCount() => source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        var passed = schema.PassedThrough(needed).ToArray();
        return schema.NeedsScores(needed)
            ? new ScoringCursor(source, schema, passed, classifier)
            : new RenumberedCursor(SequentialCursor.Open(source, passed), schema);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
