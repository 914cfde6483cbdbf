namespace Microsoft.ML;

/// <summary>A table seen through a row mapping: nothing is computed until a cursor's getter is called.</summary>
internal sealed class MappedView(IDataView source, RowMapping mapping) : IDataView
{
    public bool CanShuffle => source.CanShuffle;
    public DataViewSchema Schema => mapping.OutputSchema;
    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = columnsNeeded.ToArray();
        var input = source.GetRowCursor(mapping.GetDependencies(active), rand);
        return new MappedCursor(input, mapping.Open(input, active));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = columnsNeeded.ToArray();
        return Array.ConvertAll(source.GetRowCursorSet(mapping.GetDependencies(active), n, rand),
            DataViewRowCursor (input) => new MappedCursor(input, mapping.Open(input, active)));
    }
}
