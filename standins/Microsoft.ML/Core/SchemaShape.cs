using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What an estimator can know of a schema before anything is fitted.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape _empty = new([]);
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns.ToArray();
    }

    public int Count => _columns.Length;
    public Column this[int index] => _columns[index];
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema) => new(schema.Where(c => !c.IsHidden).Select(Column.Of));

    internal bool TryFindColumn(string name, out Column column)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        column = _columns.FirstOrDefault(c => c.Name == name);
        return column.Name is not null;
    }

    /// <summary>The named column, or the exception that every estimator answers a missing input with.</summary>
    internal Column Find(string name) => TryFindColumn(name, out var column) ? column : throw Failures.MissingInput(name);

    /// <summary>This shape with the given columns in place of those of the same name, else at the end.</summary>
    internal SchemaShape With(IEnumerable<Column> added)
    {
        var columns = _columns.ToList();
        foreach (var column in added)
        {
            int at = columns.FindIndex(c => c.Name == column.Name);
            if (at >= 0) columns[at] = column;
            else columns.Add(column);
        }
        return new(columns);
    }

    /// <summary>A column's kind, item type, whether it is a key, and its annotations' shapes.</summary>
    public readonly struct Column
    {
        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector
        }

        public readonly string Name;
        public readonly VectorKind Kind;
        public readonly DataViewType ItemType;
        public readonly bool IsKey;
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(itemType);
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? _empty;
        }

        internal static Column Of(DataViewSchema.Column column) => Of(column.Name, column.Type, column.Annotations);

        internal static Column Of(string name, DataViewType type, DataViewSchema.Annotations annotations = null)
        {
            var item = type is VectorDataViewType vector ? vector.ItemType : type;
            var kind = type is not VectorDataViewType v ? VectorKind.Scalar : v.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector;
            // A key's shape carries only the raw number type: how many values there will be is not known before fitting.
            var shown = item is KeyDataViewType key ? NumberDataViewType.FromType(key.RawType) : item;
            return new(name, kind, shown, item is KeyDataViewType, annotations is null ? null : Create(annotations.Schema));
        }

        internal Column Renamed(string name) => new(name, Kind, ItemType, IsKey, Annotations);

        internal Column KeepingAnnotations(params string[] kinds) => new(Name, Kind, ItemType, IsKey, new SchemaShape(Annotations.Where(a => kinds.Contains(a.Name))));

        internal bool HasKeyValues => Annotations.TryFindColumn(AnnotationKinds.KeyValues, out _);

        internal string TypeText => $"{(Kind == VectorKind.Scalar ? "" : Kind + " of ")}{(IsKey ? "Key " : "")}{ItemType}";
    }
}
