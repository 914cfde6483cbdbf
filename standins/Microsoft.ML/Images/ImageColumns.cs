using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>What the transforms from picture to picture have in common.</summary>
internal static class ImageColumns
{
    internal static SchemaShape Shape(SchemaShape input, IReadOnlyList<InputOutputColumnPair> columns, DataViewType output)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.With(columns.Select(pair =>
        {
            var source = CheckedShape(input, pair.InputColumnName);
            return SchemaShape.Column.Of(pair.OutputColumnName, output ?? source.ItemType);
        }));
    }

    internal static SchemaShape.Column CheckedShape(SchemaShape input, string name)
    {
        var source = input.Find(name);
        return source.Kind == SchemaShape.Column.VectorKind.Scalar && source.ItemType is ImageDataViewType
            ? source
            : throw Failures.Mismatch(name, "image", source.TypeText);
    }

    internal static void Check(DataViewSchema.Column source)
    {
        if (source.Type is not ImageDataViewType) throw Failures.Mismatch(source.Name, "image", source.Type.ToString());
    }

    /// <summary>A getter that makes a picture of a picture; none of none.</summary>
    internal static ValueGetter<MLImage> Getter(DataViewRow row, DataViewSchema.Column source, Func<MLImage, MLImage> map)
    {
        var getter = row.GetGetter<MLImage>(source);
        return (ref MLImage image) =>
        {
            MLImage input = null;
            getter(ref input);
            if (input is null)
            {
                image = null;
                return;
            }
            var made = map(input);
            made.Tag = input.Tag;
            image = made;
        };
    }
}
