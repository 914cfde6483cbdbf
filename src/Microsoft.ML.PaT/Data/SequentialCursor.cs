namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Opens cursors that read a row when it is asked for, on the caller's thread.
/// <see cref="IDataView.GetRowCursor"/> may instead answer with a cursor whose
/// worker threads read rows ahead, and there one unreadable row ends the whole pass.
/// </summary>
internal static class SequentialCursor
{
    /// <summary>Opens a cursor; rows come in their order, and what a getter throws concerns its row only.</summary>
    /// <param name="data">The data.</param>
    /// <param name="columns">The columns to read.</param>
    public static DataViewRowCursor Open(IDataView data, IEnumerable<DataViewSchema.Column> columns) =>
        data.GetRowCursorSet(columns, n: 1)[0];
}
