using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The distinct values of a column in the order of their keys.</summary>
internal abstract class KeyTerms
{
    internal PrimitiveDataViewType ItemType { get; private init; }
    internal abstract KeyDataViewType KeyType { get; }

    /// <summary>A getter of keys; values that were not seen in training are missing.</summary>
    internal abstract Delegate Getter(DataViewRow row, DataViewSchema.Column source);

    internal abstract void AddKeyValues(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool asText);
    internal abstract void Save(BinaryWriter writer);
    private protected abstract Func<bool> Collector(DataViewRow row, DataViewSchema.Column source, int maximum);
    private protected abstract void Order(ValueToKeyMappingEstimator.KeyOrdinality order);

    /// <summary>Reads the data once for all columns.</summary>
    internal static IReadOnlyList<KeyTerms> Learn(IDataView data, DataViewSchema.Column[] sources, int maximum, ValueToKeyMappingEstimator.KeyOrdinality order)
    {
        var terms = sources.Select(s => s.Type.ItemType() is PrimitiveDataViewType item
            ? Create(item)
            : throw Failures.Mismatch(s.Name, "a primitive type or a vector of one", s.Type.ToString())).ToArray();
        using (var cursor = data.GetRowCursor(sources.DistinctBy(s => s.Index)))
        {
            var open = terms.Select((t, i) => t.Collector(cursor, sources[i], maximum)).ToList();
            while (open.Count > 0 && cursor.MoveNext())
                for (int i = open.Count - 1; i >= 0; i--)
                    if (!open[i]()) open.RemoveAt(i);
        }
        foreach (var t in terms) t.Order(order);
        return terms;
    }

    internal static KeyTerms Load(BinaryReader reader)
    {
        if (TypeCodec.Read(reader) is not PrimitiveDataViewType item) throw Failures.BadModel("Corrupt model file: terms of no primitive type.");
        var terms = Create(item);
        terms.ReadTerms(reader);
        return terms;
    }

    private protected abstract void ReadTerms(BinaryReader reader);

    private static KeyTerms Create(PrimitiveDataViewType item) => (KeyTerms)Generic.Call(null, typeof(KeyTerms), nameof(Make), [item.RawType], item);

    private static KeyTerms Make<T>(PrimitiveDataViewType item) => new Typed<T> { ItemType = item };

    private sealed class Typed<T> : KeyTerms
    {
        private readonly Dictionary<T, uint> _keys = new(TextComparer.EqualityOf<T>());
        private T[] _terms = [];

        // A key type has at least one value, so a column without any gives a key type of one that no row has.
        internal override KeyDataViewType KeyType => new(typeof(uint), Math.Max(1, _terms.Length));

        /// <summary>Missing values get no key: no text, not a number, key 0.</summary>
        private bool IsMissing(T value) => value switch
        {
            ReadOnlyMemory<char> text => text.IsEmpty,
            float f => float.IsNaN(f),
            double d => double.IsNaN(d),
            _ => ItemType is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default),
        };

        private protected override Func<bool> Collector(DataViewRow row, DataViewSchema.Column source, int maximum)
        {
            if (source.Type is VectorDataViewType)
            {
                var vectors = row.GetGetter<VBuffer<T>>(source);
                VBuffer<T> values = default, dense = default;
                return () =>
                {
                    vectors(ref values);
                    values.CopyToDense(ref dense);
                    foreach (var item in dense.GetValues()) Add(item, maximum);
                    return _keys.Count < maximum;
                };
            }
            var getter = row.GetGetter<T>(source);
            T value = default;
            return () =>
            {
                getter(ref value);
                Add(value, maximum);
                return _keys.Count < maximum;
            };
        }

        private void Add(T value, int maximum)
        {
            if (_keys.Count >= maximum || IsMissing(value) || _keys.ContainsKey(value)) return;
            if (value is ReadOnlyMemory<char> text) value = (T)(object)text.ToString().AsMemory(); // the row's own buffer may change
            _keys.Add(value, (uint)_keys.Count + 1);
        }

        private protected override void Order(ValueToKeyMappingEstimator.KeyOrdinality order)
        {
            var terms = _keys.OrderBy(k => k.Value).Select(k => k.Key).ToArray();
            if (order == ValueToKeyMappingEstimator.KeyOrdinality.ByValue) Array.Sort(terms, TextComparer.OrderOf<T>());
            Take(terms);
        }

        private void Take(T[] terms)
        {
            _terms = terms;
            _keys.Clear();
            for (int i = 0; i < terms.Length; i++)
                if (!_keys.TryAdd(terms[i], (uint)i + 1)) throw Failures.BadModel("Corrupt model file: a term stands twice.");
        }

        internal override Delegate Getter(DataViewRow row, DataViewSchema.Column source) =>
            ItemMap.Getter(row, source, (in T value, ref uint key) => key = IsMissing(value) ? 0 : _keys.GetValueOrDefault(value));

        internal override void AddKeyValues(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool asText)
        {
            if (_terms.Length == 0) return;
            // Keys of keys are worth what those keys are worth.
            if (ItemType is KeyDataViewType && source.HasKeyValues())
            {
                var kind = source.Annotations.Schema[AnnotationKinds.KeyValues];
                Generic.Call(this, typeof(Typed<T>), nameof(AddValuesOfKeys), [((VectorDataViewType)kind.Type).ItemType.RawType], builder, source, kind.Type);
            }
            else if (asText && ItemType is not TextDataViewType)
            {
                var texts = Array.ConvertAll(_terms, t => Convert.ToString(t, CultureInfo.InvariantCulture).AsMemory());
                AnnotationHelper.AddVector(builder, AnnotationKinds.KeyValues, new VectorDataViewType(TextDataViewType.Instance, texts.Length), new VBuffer<ReadOnlyMemory<char>>(texts.Length, texts));
            }
            else
            {
                AnnotationHelper.AddVector(builder, AnnotationKinds.KeyValues, new VectorDataViewType(ItemType, _terms.Length), new VBuffer<T>(_terms.Length, _terms));
            }
        }

        private void AddValuesOfKeys<TValue>(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, VectorDataViewType type)
        {
            VBuffer<TValue> all = default;
            source.GetKeyValues(ref all);
            var values = Array.ConvertAll(_terms, key => all.GetItemOrDefault(Convert.ToInt32(key, CultureInfo.InvariantCulture) - 1));
            AnnotationHelper.AddVector(builder, AnnotationKinds.KeyValues, new VectorDataViewType(type.ItemType, values.Length), new VBuffer<TValue>(values.Length, values));
        }

        internal override void Save(BinaryWriter writer)
        {
            TypeCodec.Write(writer, ItemType);
            ValueCodec.WriteArray<T>(writer, _terms);
        }

        private protected override void ReadTerms(BinaryReader reader) => Take(ValueCodec.ReadArray<T>(reader));
    }
}
