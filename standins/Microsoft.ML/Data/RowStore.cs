using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Keeps values of one column by slot.</summary>
internal abstract class ColumnStore
{
    /// <summary>Copies the value of the row that is read from into a slot; slots are filled in order, or overwritten.</summary>
    internal abstract void Fetch(int slot);

    /// <summary>A ValueGetter of the value in the slot that <paramref name="slot"/> names when it is called.</summary>
    internal abstract Delegate Getter(Func<int> slot);

    internal static ColumnStore Create(DataViewRow row, DataViewSchema.Column column) =>
        (ColumnStore)Generic.Call(null, typeof(ColumnStore), nameof(Make), [column.Type.RawType], row, column);

    internal static ColumnStore CreateForIds(DataViewRow row) => new Typed<DataViewRowId>(row.GetIdGetter(), null);

    private static ColumnStore Make<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType vector)
            return (ColumnStore)Generic.Call(null, typeof(ColumnStore), nameof(MakeVector), [vector.ItemType.RawType], row, column);
        return new Typed<T>(row.GetGetter<T>(column), null);
    }

    private delegate void Copier<T>(ref T source, ref T target);

    private static ColumnStore MakeVector<TItem>(DataViewRow row, DataViewSchema.Column column) =>
        new Typed<VBuffer<TItem>>(row.GetGetter<VBuffer<TItem>>(column), (ref VBuffer<TItem> source, ref VBuffer<TItem> target) => source.CopyTo(ref target));

    private sealed class Typed<T>(ValueGetter<T> getter, Copier<T> copy) : ColumnStore
    {
        private static readonly bool _disposable = typeof(IDisposable).IsAssignableFrom(typeof(T));
        private T[] _values = new T[16];

        internal override void Fetch(int slot)
        {
            if (slot >= _values.Length) Array.Resize(ref _values, Math.Max(slot + 1, 2 * _values.Length));
            if (_disposable) _values[slot] = default; // whoever was handed the old one may still use it
            getter(ref _values[slot]);
        }

        internal override Delegate Getter(Func<int> slot) => copy is null
            ? (ValueGetter<T>)((ref T value) => value = _values[slot()])
            : (ref T value) => copy(ref _values[slot()], ref value);
    }
}
