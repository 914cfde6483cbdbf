using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Which members of a row class become which columns; may be edited before it is used.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition() { }

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName]
    {
        get => Find(c => c.ColumnName == columnName);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.ColumnName != columnName)
                throw new ArgumentOutOfRangeException(nameof(columnName), $"The column is called '{value.ColumnName}', not '{columnName}'.");
            int at = FindIndex(c => c.ColumnName == columnName);
            if (at >= 0) this[at] = value;
            else Add(value);
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var definition = new SchemaDefinition();
        foreach (var member in MemberTypes.Of(userType, direction))
        {
            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (definition.Exists(c => c.ColumnName == name))
                throw new ArgumentOutOfRangeException(nameof(userType), $"Duplicate column name '{name}' in {userType}.");
            definition.Add(new(member.Name, MemberTypes.ColumnType(member), name));
        }
        return definition;
    }

    /// <summary>A member and the column it stands for.</summary>
    public sealed class Column
    {
        private readonly Dictionary<string, Action<DataViewSchema.Annotations.Builder>> _annotations = [];

        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        public string MemberName { get; }
        public string ColumnName { get; set; }
        public DataViewType ColumnType { get; set; }

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            ArgumentNullException.ThrowIfNull(kind);
            ArgumentNullException.ThrowIfNull(annotationType);
            if (annotationType.RawType != typeof(T))
                throw new ArgumentOutOfRangeException(nameof(annotationType), $"{annotationType} holds {annotationType.RawType}, not {typeof(T)}.");
            if (!_annotations.TryAdd(kind, builder => builder.Add(kind, annotationType, (ref T dst) => dst = value)))
                throw new InvalidOperationException($"Column '{ColumnName}' already has an annotation '{kind}'.");
        }

        internal void TakeAnnotations(DataViewSchema.Annotations annotations) =>
            _annotations[""] = builder => builder.Add(annotations, _ => true);

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var add in _annotations.Values) add(builder);
                return builder.ToAnnotations();
            }
        }
    }
}
