namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Opens cursors that read each row on the caller's thread. A cursor of <see cref="IDataView.GetRowCursor"/> may read
/// ahead on other threads, so that one unreadable row ends the whole pass.
/// </summary>
internal static class SequentialCursor
{
    /// <summary>Opens a cursor over the rows in order. An exception of a getter affects only its row.</summary>
    public static DataViewRowCursor Open(IDataView data, IEnumerable<DataViewSchema.Column> columns) =>
        data.GetRowCursorSet(columns, n: 1)[0];
}
