using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A column of a text file, bound to the fields it is made of.</summary>
internal sealed class TextColumn
{
    private readonly List<(int Min, int? Max)> _ranges;
    private readonly bool _missingAsNaN;
    private readonly PrimitiveDataViewType _item;

    internal TextColumn(TextLoader.Column column, int? width, TextLoader.Options options, TextLoader.Range[] sources)
    {
        ArgumentException.ThrowIfNullOrEmpty(column.Name);
        if (sources is not { Length: > 0 }) throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' has no source fields.");
        Name = column.Name;
        _missingAsNaN = options.MissingRealsAsNaNs;
        var primitive = PrimitiveTypes.FromKind(column.DataKind);
        _item = column.KeyCount is null ? primitive : new KeyDataViewType(primitive.RawType, column.KeyCount.Count ?? PrimitiveTypes.MaxKeyCount(primitive.RawType));
        _ranges = sources.SelectMany(r => Bound(r, width, options.Columns)).ToList();
        bool vector = sources.Length > 1 || sources[0].Max != sources[0].Min || sources[0].ForceVector;
        bool varies = _ranges.Any(r => r.Max is null);
        Type = vector ? new VectorDataViewType(_item, varies ? 0 : _ranges.Sum(r => r.Max.Value - r.Min + 1)) : _item;
    }

    internal string Name { get; }
    internal DataViewType Type { get; }

    private static IEnumerable<(int, int?)> Bound(TextLoader.Range range, int? width, TextLoader.Column[] all)
    {
        if (range.AllOther)
        {
            if (width is not int count) throw new InvalidOperationException("A range of all other fields needs a sample of the data.");
            var taken = all.SelectMany(c => c.Source).Where(r => !r.AllOther).ToArray();
            return Enumerable.Range(0, count).Where(i => !taken.Any(r => i >= r.Min && i <= (r.Max ?? int.MaxValue))).Select(i => (i, (int?)i));
        }
        int? max = range.Max ?? (range.VariableEnd ? null : width - 1 ?? throw new InvalidOperationException("A range without an end needs a sample of the data, or VariableEnd."));
        return [(range.Min, max)];
    }

    internal DataViewSchema.Annotations SlotNames(string[] header)
    {
        if (header is null || Type is not VectorDataViewType { Size: > 0 } vector) return null;
        var names = new ReadOnlyMemory<char>[vector.Size];
        int at = 0;
        foreach (var (min, max) in _ranges)
            for (int i = min; i <= max; i++) names[at++] = i < header.Length ? header[i].AsMemory() : default;
        var builder = new DataViewSchema.Annotations.Builder();
        AnnotationHelper.AddVector(builder, AnnotationKinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, names.Length), new VBuffer<ReadOnlyMemory<char>>(names.Length, names));
        return builder.ToAnnotations();
    }

    /// <summary>A ValueGetter over whatever fields <paramref name="fields"/> returns when it is called.</summary>
    internal Delegate Getter(Func<IReadOnlyList<ReadOnlyMemory<char>>> fields, Func<long> line) =>
        (Delegate)Generic.Call(this, typeof(TextColumn), nameof(Make), [_item.RawType], fields, line);

    private Delegate Make<T>(Func<IReadOnlyList<ReadOnlyMemory<char>>> fields, Func<long> line)
    {
        var parse = _item is KeyDataViewType ? (TextParse<T>)Generic.Call(this, typeof(TextColumn), nameof(KeyParser), [typeof(T)]) : TextParser.Of<T>();
        T Read(IReadOnlyList<ReadOnlyMemory<char>> list, int index)
        {
            if (index >= list.Count || list[index].IsEmpty)
                return _missingAsNaN && default(T) is float ? (T)(object)float.NaN : _missingAsNaN && default(T) is double ? (T)(object)double.NaN : default;
            return parse(list[index], out var value) ? value : throw new InvalidOperationException($"Could not parse value {list[index]} in line {line()}, column {Name}");
        }
        if (Type is not VectorDataViewType) return (ValueGetter<T>)((ref T dst) => dst = Read(fields(), _ranges[0].Min));
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> dst) =>
        {
            var list = fields();
            var editor = VBufferEditor.Create(ref dst, _ranges.Sum(r => Math.Max(0, (r.Max ?? list.Count - 1) - r.Min + 1)));
            int at = 0;
            foreach (var (min, max) in _ranges)
                for (int i = min; i <= (max ?? list.Count - 1); i++) editor.Values[at++] = Read(list, i);
            dst = editor.Commit();
        });
    }

    /// <summary>Keys stand in files from 0 on.</summary>
    private TextParse<T> KeyParser<T>() where T : struct, System.Numerics.INumberBase<T> => (ReadOnlyMemory<char> text, out T key) =>
    {
        bool valid = ulong.TryParse(text.Span, out ulong number) && number < ((KeyDataViewType)_item).Count;
        key = valid ? T.CreateChecked(number + 1) : T.Zero;
        return valid || text.Span is "?";
    };
}
