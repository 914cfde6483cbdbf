using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>What must hold for every estimator.</summary>
internal static class EstimatorChecks
{
    /// <summary>Schema propagation, row mapper and reloaded model all agree with what Transform makes.</summary>
    internal static void AssertWellBehaved(MLContext ml, IEstimator<ITransformer> estimator, IDataView data)
    {
        var shape = estimator.GetOutputSchema(ShapeSpy.Of(data));
        var model = estimator.Fit(data);
        var transformed = model.Transform(data);
        AssertSameShape(shape, ShapeSpy.Of(transformed));
        Assert.That(Describe(model.GetOutputSchema(data.Schema)), Is.EqualTo(Describe(transformed.Schema)));
        var expected = Contents(transformed);
        Assert.That(MappedContents(model, data), Is.EqualTo(expected), "row mapper");

        var stream = new MemoryStream();
        ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var reloaded = new MLContext().Model.Load(stream, out var schema);
        Assert.That(Describe(schema), Is.EqualTo(Describe(data.Schema)));
        Assert.That(Describe(reloaded.GetOutputSchema(data.Schema)), Is.EqualTo(Describe(transformed.Schema)), "reloaded schema");
        Assert.That(Contents(reloaded.Transform(data)), Is.EqualTo(expected), "reloaded model");
    }

    private static void AssertSameShape(SchemaShape promised, SchemaShape made)
    {
        Assert.That(promised.Select(c => c.Name).Order(), Is.EqualTo(made.Select(c => c.Name).Order()));
        foreach (var column in made)
        {
            var p = promised.Single(c => c.Name == column.Name);
            Assert.That((p.Kind, p.ItemType.RawType, p.IsKey), Is.EqualTo((column.Kind, column.ItemType.RawType, column.IsKey)), column.Name);
            Assert.That(column.Annotations.Select(a => a.Name), Is.SubsetOf(p.Annotations.Select(a => a.Name)), column.Name);
        }
    }

    internal static string[] Describe(DataViewSchema schema) =>
        schema.Where(c => !c.IsHidden).Select(c => $"{c.Name}: {c.Type} [{string.Join(", ", c.Annotations.Schema.Select(a => a.Name).Order())}]").ToArray();

    /// <summary>Every visible value, as text.</summary>
    internal static string[] Contents(IDataView data)
    {
        var columns = data.Schema.Where(c => !c.IsHidden).ToArray();
        using var cursor = data.GetRowCursor(columns);
        var readers = columns.Select(c => Reader(cursor, c)).ToArray();
        var lines = new List<string>();
        while (cursor.MoveNext()) lines.Add(string.Join(" | ", readers.Select(r => r())));
        return lines.ToArray();
    }

    private static string[] MappedContents(ITransformer model, IDataView data)
    {
        var mapper = model.GetRowToRowMapper(data.Schema);
        var columns = mapper.OutputSchema.Where(c => !c.IsHidden).ToArray();
        using var cursor = data.GetRowCursor(mapper.GetDependencies(columns));
        using var row = mapper.GetRow(cursor, columns);
        var readers = columns.Select(c => Reader(row, c)).ToArray();
        var lines = new List<string>();
        while (cursor.MoveNext()) lines.Add(string.Join(" | ", readers.Select(r => r())));
        return lines.ToArray();
    }

    private static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string>)new Func<DataViewRow, DataViewSchema.Column, Func<string>>(TypedReader<int>).Method.GetGenericMethodDefinition()
            .MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

    private static Func<string> TypedReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return value switch
            {
                null => "null",
                MLImage image => $"{image.Width}x{image.Height}:{Convert.ToHexString(image.GetBGRPixels)}",
                VBuffer<float> v => string.Join(",", v.DenseValues()),
                VBuffer<byte> v => string.Join(",", v.DenseValues()),
                VBuffer<uint> v => string.Join(",", v.DenseValues()),
                VBuffer<double> v => string.Join(",", v.DenseValues()),
                VBuffer<ReadOnlyMemory<char>> v => string.Join(",", v.DenseValues()),
                _ => value.ToString()!,
            };
        };
    }
}
