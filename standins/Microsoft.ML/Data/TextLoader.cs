using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Loads delimited text files, lazily: a file is read again by every cursor.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly Options _options;
    private readonly TextColumn[] _columns;
    private readonly DataViewSchema _schema;

    internal TextLoader(Options options, IMultiStreamSource dataSample)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Columns is not { Length: > 0 }) throw new NotSupportedException($"{nameof(TextLoader)}.{nameof(Options)}.{nameof(Options.Columns)}: guessing columns from the data; name them.");
        if (options.AllowSparse) throw new NotSupportedException($"{nameof(TextLoader)}.{nameof(Options)}.{nameof(Options.AllowSparse)}");
        if (options.HeaderFile is not null) throw new NotSupportedException($"{nameof(TextLoader)}.{nameof(Options)}.{nameof(Options.HeaderFile)}");
        if (options.DecimalMarker != '.') throw new NotSupportedException($"{nameof(TextLoader)}.{nameof(Options)}.{nameof(Options.DecimalMarker)} other than '.'");
        if (options.Separators is not { Length: > 0 }) throw new ArgumentOutOfRangeException(nameof(Options.Separators), "At least one separator is needed.");
        if (options.MaxRows < 0) throw new ArgumentOutOfRangeException(nameof(Options.MaxRows), options.MaxRows, "Must not be negative.");
        _options = options;
        var header = options.HasHeader ? FirstLine(dataSample) : null;
        int? width = options.InputSize ?? header?.Length ?? (options.Columns.Any(c => c.Source.Any(r => r.AutoEnd || r.AllOther)) ? FirstLine(dataSample)?.Length : null);
        _columns = Array.ConvertAll(options.Columns, c => new TextColumn(c, width, options, c.Source));
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns) builder.AddColumn(column.Name, column.Type, column.SlotNames(header));
        _schema = builder.ToSchema();
    }

    /// <summary>A loader whose columns are the members that carry a <see cref="LoadColumnAttribute"/>.</summary>
    internal static TextLoader Of<TInput>(Options options, IMultiStreamSource dataSample)
    {
        var columns = MemberTypes.Of(typeof(TInput), SchemaDefinition.Direction.Write).Select(member =>
        {
            var load = member.GetCustomAttribute<LoadColumnAttribute>()
                ?? throw new InvalidOperationException($"'{member.Name}' of {typeof(TInput)} is missing the {nameof(LoadColumnAttribute)} attribute");
            var item = MemberTypes.ItemType(MemberTypes.TypeOf(member), out bool isVector);
            var sources = isVector ? Array.ConvertAll(load.Sources, s => new Range { Min = s.Min, Max = s.Max, AutoEnd = s.AutoEnd, ForceVector = true }) : load.Sources;
            return new Column(member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name, PrimitiveTypes.KindOf(item), sources, member.GetCustomAttribute<KeyTypeAttribute>() is { } key ? key.KeyCount ?? new() : null);
        }).ToArray();
        if (columns.Length == 0) throw new InvalidOperationException($"{typeof(TInput)} has no public fields or properties to load.");
        options.Columns = columns;
        return new(options, dataSample);
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new TextView(source, _options, _columns, _schema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException($"{nameof(TextLoader)}.{nameof(ICanSaveModel.Save)}");

    private string[] FirstLine(IMultiStreamSource sample)
    {
        if (sample is not { Count: > 0 }) return null;
        using var reader = sample.OpenTextReader(0);
        return new TextLines(reader, _options).Next()?.Select(f => f.ToString()).ToArray();
    }
}
