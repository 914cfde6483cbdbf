using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// Adds the score columns to a data view. It computes them when they are read, a batch of rows at a time.
/// </summary>
/// <param name="classifier">Computes the scores; owned by the transformer.</param>
internal sealed class ScoredDataView(IDataView source, ScoringSchema schema, ImageClassifier classifier) : IDataView
{
    /// <summary>
    /// Always false. A cursor reads images ahead with a second cursor, and both must return the rows in the same order.
    /// </summary>
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema.Output;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        var passed = schema.PassedThrough(needed).ToArray();
        return schema.NeedsScores(needed)
            ? new ScoringCursor(source, schema, passed, classifier)
            : new RenumberedCursor(SequentialCursor.Open(source, passed), schema);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
