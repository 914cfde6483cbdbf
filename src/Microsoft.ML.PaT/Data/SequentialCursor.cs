namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Opens cursors that read each row on the caller's thread. <see cref="IDataView.GetRowCursor"/> may return a cursor
/// that reads ahead on other threads, where one unreadable row ends the whole pass.
/// </summary>
internal static class SequentialCursor
{
    /// <summary>Opens a cursor over the rows in order. An exception of a getter affects only its row.</summary>
    /// <param name="data">The data.</param>
    /// <param name="columns">The columns to read.</param>
    public static DataViewRowCursor Open(IDataView data, IEnumerable<DataViewSchema.Column> columns) =>
        data.GetRowCursorSet(columns, n: 1)[0];
}
