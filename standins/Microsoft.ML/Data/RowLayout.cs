using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The columns of a row class, with accessors of its members.</summary>
internal sealed class RowLayout<TRow> where TRow : class
{
    internal RowLayout(SchemaDefinition definition, SchemaDefinition.Direction direction)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), direction);
        Fields = definition.Select(column => RowField<TRow>.Create(column)).ToArray();
        var builder = new DataViewSchema.Builder();
        foreach (var column in definition) builder.AddColumn(column.ColumnName, column.ColumnType, column.Annotations);
        Schema = builder.ToSchema();
    }

    internal IReadOnlyList<RowField<TRow>> Fields { get; }
    internal DataViewSchema Schema { get; }

    /// <summary>A definition whose types and annotations are those of a schema, for the columns it has.</summary>
    internal static SchemaDefinition DefinitionFor(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            if (definition[column.Name] is not { } member) continue;
            member.ColumnType = column.Type;
            member.TakeAnnotations(column.Annotations);
        }
        return definition;
    }

    /// <summary>Binds the members to the columns of a row's schema; returns the columns used and what fills an object from the row.</summary>
    internal IReadOnlyList<(RowField<TRow> Field, DataViewSchema.Column Column)> BindTo(DataViewSchema schema, bool ignoreMissing)
    {
        var bound = new List<(RowField<TRow>, DataViewSchema.Column)>();
        foreach (var field in Fields)
        {
            if (schema.GetColumnOrNull(field.Name) is not { } column)
            {
                if (ignoreMissing) continue;
                throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find column '{field.Name}' for '{field.MemberName}' of {typeof(TRow)}.");
            }
            if (column.Type.RawType != field.RawType)
                throw new InvalidOperationException($"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to field or property '{field.MemberName}' of type '{field.MemberType.FullName}'.");
            bound.Add((field, column));
        }
        return bound;
    }

    internal static Action<TRow> Filler(IReadOnlyList<(RowField<TRow> Field, DataViewSchema.Column Column)> bound, DataViewRow row)
    {
        var setters = bound.Select(b => b.Field.Setter(row, b.Column)).ToArray();
        return target =>
        {
            foreach (var set in setters) set(target);
        };
    }
}

/// <summary>One member of a row class as a column.</summary>
internal abstract class RowField<TRow> where TRow : class
{
    internal string Name { get; private init; }
    internal string MemberName { get; private init; }
    internal Type MemberType { get; private init; }
    internal Type RawType { get; private init; }

    /// <summary>A ValueGetter over whatever row <paramref name="current"/> returns when it is called.</summary>
    internal abstract Delegate Getter(Func<TRow> current);

    /// <summary>Copies a column's value of a row into the member.</summary>
    internal abstract Action<TRow> Setter(DataViewRow row, DataViewSchema.Column column);

    internal static RowField<TRow> Create(SchemaDefinition.Column column)
    {
        var member = typeof(TRow).GetMember(column.MemberName, BindingFlags.Public | BindingFlags.Instance).FirstOrDefault(m => m is FieldInfo or PropertyInfo)
            ?? throw new ArgumentOutOfRangeException("userSchemaDefinition", $"{typeof(TRow)} has no field or property '{column.MemberName}'.");
        var type = MemberTypes.TypeOf(member);
        var raw = MemberTypes.RawType(type);
        if (column.ColumnType.RawType != raw)
            throw new ArgumentOutOfRangeException("userSchemaDefinition", $"Column '{column.ColumnName}' of type {column.ColumnType} does not fit member {member.Name} of type {type}.");
        return (RowField<TRow>)Generic.Call(null, typeof(RowField<TRow>), nameof(Make), [type, raw], member, column.ColumnName);
    }

    private static RowField<TRow> Make<TMember, TRaw>(MemberInfo member, string name) =>
        new Typed<TMember, TRaw>(member) { Name = name, MemberName = member.Name, MemberType = typeof(TMember), RawType = typeof(TRaw) };

    private sealed class Typed<TMember, TRaw>(MemberInfo member) : RowField<TRow>
    {
        private readonly Func<TRow, TMember> _get = Reader(member);
        private readonly Action<TRow, TMember> _set = Writer(member);

        internal override Delegate Getter(Func<TRow> current)
        {
            var get = _get ?? throw new InvalidOperationException($"'{member.Name}' of {typeof(TRow)} cannot be read.");
            var convert = MemberConversion<TMember, TRaw>.ToRaw;
            return (ValueGetter<TRaw>)((ref TRaw value) => convert(get(current()), ref value));
        }

        internal override Action<TRow> Setter(DataViewRow row, DataViewSchema.Column column)
        {
            var set = _set ?? throw new InvalidOperationException($"'{member.Name}' of {typeof(TRow)} cannot be written.");
            var convert = MemberConversion<TMember, TRaw>.FromRaw;
            var getter = row.GetGetter<TRaw>(column);
            var get = _get;
            bool disposable = typeof(IDisposable).IsAssignableFrom(typeof(TRaw));
            TRaw raw = default;
            return target =>
            {
                if (disposable) raw = default; // the last one belongs to the object it was given to
                getter(ref raw);
                TMember value = get is null ? default : get(target);
                convert(ref raw, ref value);
                set(target, value);
            };
        }

        private static Func<TRow, TMember> Reader(MemberInfo member)
        {
            if (member is PropertyInfo p && p.GetGetMethod() is null) return null;
            var row = Expression.Parameter(typeof(TRow));
            return Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, member), row).Compile();
        }

        private static Action<TRow, TMember> Writer(MemberInfo member)
        {
            if (member is PropertyInfo p ? p.GetSetMethod() is null : ((FieldInfo)member).IsInitOnly) return null;
            var row = Expression.Parameter(typeof(TRow));
            var value = Expression.Parameter(typeof(TMember));
            return Expression.Lambda<Action<TRow, TMember>>(Expression.Assign(Expression.MakeMemberAccess(row, member), value), row, value).Compile();
        }
    }
}
