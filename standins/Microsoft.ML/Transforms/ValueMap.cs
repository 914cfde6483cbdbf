using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A table from values to values (or vectors, or keys).</summary>
internal abstract class ValueMap
{
    internal PrimitiveDataViewType KeyType { get; private init; }
    internal DataViewType ValueType { get; private init; }

    /// <summary>KeyValues, where the values are keys.</summary>
    internal DataViewSchema.Annotations Annotations { get; private init; }

    internal abstract Delegate Getter(DataViewRow row, DataViewSchema.Column source);
    internal abstract void Save(BinaryWriter writer);

    internal static ValueMap OfPairs<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> pairs, bool valuesAsKeys)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var list = pairs.ToArray();
        if (valuesAsKeys) return OfKeyedPairs(list);
        if (typeof(TValue).IsSZArray)
            return (ValueMap)Generic.Call(null, typeof(ValueMap), nameof(OfArrays), [typeof(TKey), typeof(TValue).GetElementType()], list.Select(p => p.Key).ToArray(), list.Select(p => p.Value).ToArray());
        return Create(TypeOf(typeof(TKey)), TypeOf(typeof(TValue)), null, RawArray(list.Select(p => p.Key)), RawArray(list.Select(p => p.Value)));
    }

    internal static ValueMap OfVectorPairs<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue[]>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var list = pairs.ToArray();
        return OfArrays(list.Select(p => p.Key).ToArray(), list.Select(p => p.Value).ToArray());
    }

    private static ValueMap OfArrays<TKey, TItem>(TKey[] keys, TItem[][] values)
    {
        var item = TypeOf(typeof(TItem));
        int size = values.Length > 0 && values.All(v => v.Length == values[0].Length) ? values[0].Length : 0;
        var vectors = (Array)Generic.Call(null, typeof(ValueMap), nameof(Vectors), [item.RawType], [values.Select(v => RawArray(v)).ToArray()]);
        return Create(TypeOf(typeof(TKey)), new VectorDataViewType(item, size), null, RawArray(keys), vectors);
    }

    private static VBuffer<T>[] Vectors<T>(Array[] values) => Array.ConvertAll(values, v => new VBuffer<T>(v.Length, (T[])v));

    /// <summary>Values numbered in the order in which they are first listed; unsigned numbers are keys as they are.</summary>
    private static ValueMap OfKeyedPairs<TKey, TValue>(KeyValuePair<TKey, TValue>[] pairs)
    {
        var distinct = pairs.Select(p => p.Value).Distinct().ToArray();
        var texts = Array.ConvertAll(distinct, v => Convert.ToString(v, CultureInfo.InvariantCulture).AsMemory());
        var builder = new DataViewSchema.Annotations.Builder();
        AnnotationHelper.AddVector(builder, AnnotationKinds.KeyValues, new VectorDataViewType(TextDataViewType.Instance, texts.Length), new VBuffer<ReadOnlyMemory<char>>(texts.Length, texts));
        bool keysAlready = typeof(TValue) == typeof(uint) || typeof(TValue) == typeof(ulong);
        Array keys;
        if (keysAlready)
        {
            keys = pairs.Select(p => p.Value).ToArray();
        }
        else
        {
            var numbers = distinct.Select((v, i) => (v, i)).ToDictionary(x => x.v, x => (uint)x.i + 1);
            keys = pairs.Select(p => numbers[p.Value]).ToArray();
        }
        return Create(TypeOf(typeof(TKey)), new KeyDataViewType(keys.GetType().GetElementType(), distinct.Length), builder.ToAnnotations(), RawArray(pairs.Select(p => p.Key)), keys);
    }

    internal static ValueMap OfData(IDataView data, DataViewSchema.Column keyColumn, DataViewSchema.Column valueColumn)
    {
        ArgumentNullException.ThrowIfNull(data);
        var key = data.Schema.GetColumnOrNull(keyColumn.Name) ?? throw new InvalidOperationException($"The lookup map has no column '{keyColumn.Name}'.");
        var value = data.Schema.GetColumnOrNull(valueColumn.Name) ?? throw new InvalidOperationException($"The lookup map has no column '{valueColumn.Name}'.");
        if (key.Type is not PrimitiveDataViewType primitive) throw new InvalidOperationException($"The key column '{key.Name}' is {key.Type}, not of a primitive type.");
        return Create(primitive, value.Type, AnnotationHelper.Keep(value.Annotations, AnnotationKinds.KeyValues), ReadColumn(data, key), ReadColumn(data, value));
    }

    private static Array ReadColumn(IDataView data, DataViewSchema.Column column) =>
        (Array)Generic.Call(null, typeof(ValueMap), nameof(ReadValues), [column.Type.RawType], data, column);

    private static T[] ReadValues<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        var values = new List<T>();
        while (cursor.MoveNext())
        {
            T value = default; // fresh, so that vectors are not shared between rows
            getter(ref value);
            values.Add(value);
        }
        return values.ToArray();
    }

    private static PrimitiveDataViewType TypeOf(Type type) => PrimitiveTypes.FromType(type) ?? throw new InvalidOperationException($"Unsupported type {type} used in mapping.");

    /// <summary>Strings as text, anything else as it is.</summary>
    private static Array RawArray<T>(IEnumerable<T> values) => values is IEnumerable<string> texts ? texts.Select(t => t.AsMemory()).ToArray() : values.ToArray();

    private static ValueMap Create(PrimitiveDataViewType keyType, DataViewType valueType, DataViewSchema.Annotations annotations, Array keys, Array values) =>
        (ValueMap)Generic.Call(null, typeof(ValueMap), nameof(Make), [keyType.RawType, valueType.RawType], keyType, valueType, annotations, keys, values);

    private static ValueMap Make<TKey, TValue>(PrimitiveDataViewType keyType, DataViewType valueType, DataViewSchema.Annotations annotations, TKey[] keys, TValue[] values) =>
        new Typed<TKey, TValue>(keys, values) { KeyType = keyType, ValueType = valueType, Annotations = annotations ?? DataViewSchema.Annotations.Empty };

    internal static ValueMap Load(BinaryReader reader)
    {
        // The table's types and annotations are those of a two-column schema.
        var schema = TypeCodec.ReadSchema(reader);
        if (schema.Count != 2 || schema[0].Type is not PrimitiveDataViewType keyType) throw Failures.BadModel("Corrupt model file: a value map without key and value types.");
        return (ValueMap)Generic.Call(null, typeof(ValueMap), nameof(Read), [keyType.RawType, schema[1].Type.RawType], reader, keyType, schema[1]);
    }

    private static ValueMap Read<TKey, TValue>(BinaryReader reader, PrimitiveDataViewType keyType, DataViewSchema.Column value)
    {
        var keys = ValueCodec.ReadArray<TKey>(reader);
        var values = ValueCodec.ReadArray<TValue>(reader);
        if (keys.Length != values.Length) throw Failures.BadModel($"Corrupt model file: {keys.Length} keys, {values.Length} values.");
        return Make(keyType, value.Type, value.Annotations, keys, values);
    }

    private sealed class Typed<TKey, TValue> : ValueMap
    {
        private readonly TKey[] _keys;
        private readonly TValue[] _values;
        private readonly Dictionary<TKey, TValue> _table;

        internal Typed(TKey[] keys, TValue[] values)
        {
            _keys = keys;
            _values = values;
            _table = new(keys.Length, TextComparer.EqualityOf<TKey>());
            for (int i = 0; i < keys.Length; i++)
                if (!_table.TryAdd(keys[i], values[i])) throw new InvalidOperationException($"Duplicate keys in data '{keys[i]}'");
        }

        internal override Delegate Getter(DataViewRow row, DataViewSchema.Column source)
        {
            if (ValueType is not VectorDataViewType vector)
            {
                return ItemMap.Getter(row, source, (in TKey key, ref TValue value) => value = _table.GetValueOrDefault(key));
            }
            return (Delegate)Generic.Call(this, typeof(Typed<TKey, TValue>), nameof(VectorGetter), [vector.ItemType.RawType], row, source, vector.Size);
        }

        private Delegate VectorGetter<TItem>(DataViewRow row, DataViewSchema.Column source, int size)
        {
            var table = (Dictionary<TKey, VBuffer<TItem>>)(object)_table;
            var missing = new VBuffer<TItem>(size, 0, [], []);
            return ItemMap.Getter(row, source, (in TKey key, ref VBuffer<TItem> value) => (table.TryGetValue(key, out var found) ? found : missing).CopyTo(ref value));
        }

        internal override void Save(BinaryWriter writer)
        {
            var schema = new DataViewSchema.Builder();
            schema.AddColumn("Key", KeyType);
            schema.AddColumn("Value", ValueType, Annotations);
            TypeCodec.WriteSchema(writer, schema.ToSchema());
            ValueCodec.WriteArray<TKey>(writer, _keys);
            ValueCodec.WriteArray<TValue>(writer, _values);
        }
    }
}
