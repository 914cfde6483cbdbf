using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// The values of the keys of a label column, in key order: usually text, numbers if labels are numbers.
/// </summary>
/// <remarks>The values keep their type, so that <c>MapKeyToValue</c> returns the original labels.</remarks>
internal abstract class LabelValues
{
    /// <summary>The values as text: names of the classes.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Reads the values of a key column; keys without values are named by their numbers, from 1.</summary>
    /// <exception cref="InvalidImageDataException">The column is not a key column, or its values have an unsupported
    /// type.</exception>
    public static LabelValues Of(DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType key)
        {
            throw new InvalidImageDataException(
                ErrorCodes.ColumnTypeUnsupported,
                $"The label column '{column.Name}' must be a key (MapValueToKey); it is {column.Type}.");
        }
        if (key.Count > ScoreColumns.MaxClasses)
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid,
                $"The label column '{column.Name}' has {key.Count} classes; at most {ScoreColumns.MaxClasses} can be "
                    + "trained. Keys made by hashing are not classes; use MapValueToKey.");
        }
        if (column.Annotations.Schema.GetColumnOrNull(ScoreColumns.KeyValues)?.Type is not VectorDataViewType values)
            return Numbered((int)key.Count);
        var raw = values.ItemType.RawType;
        return raw == typeof(ReadOnlyMemory<char>) ? Read<ReadOnlyMemory<char>>(column, values.ItemType)
            : raw == typeof(float) ? Read<float>(column, values.ItemType)
            : raw == typeof(double) ? Read<double>(column, values.ItemType)
            : raw == typeof(int) ? Read<int>(column, values.ItemType)
            : raw == typeof(uint) ? Read<uint>(column, values.ItemType)
            : raw == typeof(long) ? Read<long>(column, values.ItemType)
            : raw == typeof(ulong) ? Read<ulong>(column, values.ItemType)
            : raw == typeof(short) ? Read<short>(column, values.ItemType)
            : raw == typeof(ushort) ? Read<ushort>(column, values.ItemType)
            : raw == typeof(byte) ? Read<byte>(column, values.ItemType)
            : raw == typeof(sbyte) ? Read<sbyte>(column, values.ItemType)
            : raw == typeof(bool) ? Read<bool>(column, values.ItemType)
            : throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid,
                $"The label column '{column.Name}' has key values of type {values.ItemType}; they must be text, "
                    + "numbers or booleans.");
    }

    /// <summary>
    /// Maps the keys of another label column to these classes, by name, because data views may number the same classes
    /// differently. An unknown class maps to -1.
    /// </summary>
    public (Func<int, int> ClassOf, Func<int, string> TextOf) ClassesOf(DataViewSchema.Column label)
    {
        var own = Of(label).Names;
        var positions = Names.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        var known = own.Select(name => positions.GetValueOrDefault(name, -1)).ToArray();
        return (key => IsKnown(key) ? known[key] : -1, key => IsKnown(key) ? $"'{own[key]}'" : "no label");

        bool IsKnown(int key) => key >= 0 && key < own.Count;
    }

    /// <summary>
    /// The values of a label column if it is a key of exactly these classes; otherwise the classes as text.
    /// </summary>
    public static LabelValues OfClasses(IReadOnlyList<string> classes, DataViewSchema schema, string labelColumn) =>
        schema.GetColumnOrNull(labelColumn) is { Type: KeyDataViewType } label
        && Of(label) is var own
        && own.Names.SequenceEqual(classes)
            ? own
            : OfText(classes);

    /// <summary>Text values.</summary>
    public static LabelValues OfText(IEnumerable<string> names) =>
        new Typed<ReadOnlyMemory<char>>(TextDataViewType.Instance, [.. names.Select(n => n.AsMemory())]);

    /// <summary>Adds the values to a column's annotations.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder annotations, string kind);

    /// <summary>Steps that turn a column of 0-based class numbers (int) into a key column with these values.</summary>
    /// <param name="ml">The context of the steps.</param>
    /// <param name="numberColumnName">The column of numbers.</param>
    public abstract IEnumerable<IEstimator<ITransformer>> FromNumbers(
        MLContext ml, string outputColumnName, string numberColumnName);

    private static LabelValues Numbered(int count) =>
        OfText(Enumerable.Range(1, count).Select(i => i.ToString(CultureInfo.InvariantCulture)));

    private static Typed<T> Read<T>(DataViewSchema.Column column, PrimitiveDataViewType type) where T : notnull
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(ScoreColumns.KeyValues, ref values);
        var labels = new Typed<T>(type, [.. values.DenseValues()]);
        var twice = labels.Names.CountBy(n => n).FirstOrDefault(n => n.Value > 1).Key;
        return twice is null
            ? labels
            : throw new InvalidImageDataException(
                ErrorCodes.LabelsInvalid,
                $"The label column '{column.Name}' has the class '{twice}' more than once among its key values. Give "
                    + "each key another value.");
    }

    private sealed class Typed<T>(PrimitiveDataViewType type, T[] values) : LabelValues where T : notnull
    {
        public override IReadOnlyList<string> Names { get; } =
        [
            .. values.Select(v =>
                Convert.ToString(v is ReadOnlyMemory<char> text ? text.ToString() : v, CultureInfo.InvariantCulture)!),
        ];

        public override void AddTo(DataViewSchema.Annotations.Builder annotations, string kind) =>
            annotations.Add(kind, new VectorDataViewType(type, values.Length), (ref VBuffer<T> value) =>
            {
                var editor = VBufferEditor.Create(ref value, values.Length);
                values.CopyTo(editor.Values);
                value = editor.Commit();
            });

        public override IEnumerable<IEstimator<ITransformer>> FromNumbers(
            MLContext ml, string outputColumnName, string numberColumnName)
        {
            // Keys are numbered in the order of the values, as in training.
            if (values is ReadOnlyMemory<char>[])
            {
                yield return ml.Transforms.Conversion.MapValue(
                    outputColumnName,
                    Names.Select((name, i) => KeyValuePair.Create(i, name)),
                    numberColumnName,
                    treatValuesAsKeyType: true);
                yield break;
            }
            yield return ml.Transforms.Conversion.MapValue(
                outputColumnName, values.Select((value, i) => KeyValuePair.Create(i, value)), numberColumnName);
            yield return ml.Transforms.Conversion.MapValueToKey(
                outputColumnName,
                outputColumnName,
                keyData: ml.Data.LoadFromEnumerable(values.Select(v => new ValueRow<T> { Value = v })));
        }
    }

    private sealed class ValueRow<T>
    {
        public T? Value { get; set; }
    }
}
