using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>A cursor over the input columns, used if no score column is requested. Owns the source's cursor.</summary>
internal sealed class RenumberedCursor(DataViewRowCursor source, ScoringSchema schema) : DataViewRowCursor
{
    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override DataViewSchema Schema => schema.Output;

    public override bool MoveNext() => source.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < schema.Input.Count && source.IsColumnActive(schema.Input[column.Index]);

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
        ? source.GetGetter<TValue>(schema.Input[column.Index])
        : throw new ArgumentException($"Column '{column.Name}' is not active in this cursor.", nameof(column));

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }
}
