using Microsoft.ML.Data;

namespace Microsoft.ML;

internal static class AnnotationHelper
{
    /// <summary>Adds a fixed value; vectors are copied out, so that no reader can write into it.</summary>
    internal static void AddValue<T>(DataViewSchema.Annotations.Builder builder, string kind, DataViewType type, T value)
    {
        if (type is VectorDataViewType vector)
            Generic.Call(null, typeof(AnnotationHelper), nameof(AddVector), [vector.ItemType.RawType], builder, kind, type, value);
        else
            builder.Add(kind, type, (ref T dst) => dst = value);
    }

    internal static void AddVector<TItem>(DataViewSchema.Annotations.Builder builder, string kind, DataViewType type, VBuffer<TItem> value) =>
        builder.Add(kind, type, (ref VBuffer<TItem> dst) => value.CopyTo(ref dst));

    /// <summary>Only the named kinds of a column's annotations.</summary>
    internal static DataViewSchema.Annotations Keep(DataViewSchema.Annotations annotations, params string[] kinds)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(annotations, name => kinds.Contains(name));
        return builder.ToAnnotations();
    }

    internal static bool IsFlagSet(DataViewSchema.Annotations annotations, string kind)
    {
        if (annotations.Schema.GetColumnOrNull(kind)?.Type is not BooleanDataViewType) return false;
        bool value = false;
        annotations.GetValue(kind, ref value);
        return value;
    }
}
