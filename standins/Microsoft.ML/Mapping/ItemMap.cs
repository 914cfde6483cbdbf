using Microsoft.ML.Data;

namespace Microsoft.ML;

internal delegate void ItemConverter<TSource, TTarget>(in TSource source, ref TTarget target);

/// <summary>Makes getters that convert a column item by item: a value to a value, a vector to a vector of the same length.</summary>
internal static class ItemMap
{
    internal static Delegate Getter<TSource, TTarget>(DataViewRow row, DataViewSchema.Column source, ItemConverter<TSource, TTarget> convert)
    {
        if (source.Type is VectorDataViewType) return VectorGetter(row.GetGetter<VBuffer<TSource>>(source), convert);
        var getter = row.GetGetter<TSource>(source);
        TSource value = default;
        return (ValueGetter<TTarget>)((ref TTarget dst) =>
        {
            getter(ref value);
            convert(in value, ref dst);
        });
    }

    private static ValueGetter<VBuffer<TTarget>> VectorGetter<TSource, TTarget>(ValueGetter<VBuffer<TSource>> getter, ItemConverter<TSource, TTarget> convert)
    {
        VBuffer<TSource> values = default, dense = default;
        return (ref VBuffer<TTarget> dst) =>
        {
            getter(ref values);
            values.CopyToDense(ref dense); // the default of one type need not convert to the default of the other
            var editor = VBufferEditor.Create(ref dst, dense.Length);
            var items = dense.GetValues();
            for (int i = 0; i < items.Length; i++) convert(in items[i], ref editor.Values[i]);
            dst = editor.Commit();
        };
    }

    /// <summary>The type with its items replaced.</summary>
    internal static DataViewType WithItems(DataViewType type, PrimitiveDataViewType item) =>
        type is VectorDataViewType vector ? new VectorDataViewType(item, vector.Dimensions) : item;
}
