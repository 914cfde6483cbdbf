using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>Writes and reads column types and whole schemas with the annotations that travel with a model.</summary>
internal static class TypeCodec
{
    private enum Shape : byte
    {
        Primitive = 0,
        Key = 1,
        Vector = 2,
        Image = 3,
        RowId = 4,
    }

    internal static void Write(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case KeyDataViewType key:
                writer.Write((byte)Shape.Key);
                writer.Write((byte)PrimitiveTypes.KindOf(key.RawType));
                writer.Write(key.Count);
                break;
            case VectorDataViewType vector:
                writer.Write((byte)Shape.Vector);
                writer.Write(vector.Dimensions.Length);
                foreach (int d in vector.Dimensions) writer.Write(d);
                Write(writer, vector.ItemType);
                break;
            case ImageDataViewType image:
                writer.Write((byte)Shape.Image);
                writer.Write(image.Height);
                writer.Write(image.Width);
                break;
            case RowIdDataViewType:
                writer.Write((byte)Shape.RowId);
                break;
            case PrimitiveDataViewType primitive:
                writer.Write((byte)Shape.Primitive);
                writer.Write((byte)PrimitiveTypes.KindOf(primitive.RawType));
                break;
            default:
                throw new InvalidOperationException($"Columns of type {type} cannot be saved.");
        }
    }

    internal static DataViewType Read(BinaryReader reader)
    {
        try
        {
            switch ((Shape)reader.ReadByte())
            {
                case Shape.Primitive: return PrimitiveTypes.FromKind((DataKind)reader.ReadByte());
                case Shape.Key: return new KeyDataViewType(PrimitiveTypes.FromKind((DataKind)reader.ReadByte()).RawType, reader.ReadUInt64());
                case Shape.Vector:
                    var dimensions = new int[ValueCodec.ReadCount(reader, sizeof(int))];
                    for (int i = 0; i < dimensions.Length; i++) dimensions[i] = reader.ReadInt32();
                    return new VectorDataViewType((PrimitiveDataViewType)Read(reader), dimensions);
                case Shape.Image:
                    int height = reader.ReadInt32(), width = reader.ReadInt32();
                    return height > 0 ? new ImageDataViewType(height, width) : new ImageDataViewType();
                case Shape.RowId: return RowIdDataViewType.Instance;
                case var other: throw Failures.BadModel($"Unknown shape of column type: {other}.");
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or OverflowException)
        {
            throw new FormatException("Corrupt model file: an impossible column type.", e);
        }
    }

    internal static void WriteSchema(BinaryWriter writer, DataViewSchema schema)
    {
        writer.Write(schema.Count);
        foreach (var column in schema)
        {
            writer.Write(column.Name);
            Write(writer, column.Type);
            var annotations = column.Annotations.Schema.Where(a => a.Type is VectorDataViewType or PrimitiveDataViewType).ToArray();
            writer.Write(annotations.Length);
            foreach (var annotation in annotations)
            {
                writer.Write(annotation.Name);
                Write(writer, annotation.Type);
                Generic.Call(null, typeof(TypeCodec), nameof(WriteAnnotation), [annotation.Type.RawType], writer, column.Annotations, annotation);
            }
        }
    }

    internal static DataViewSchema ReadSchema(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        int columns = ValueCodec.ReadCount(reader, 2);
        for (int i = 0; i < columns; i++)
        {
            string name = reader.ReadString();
            var type = Read(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            int count = ValueCodec.ReadCount(reader, 2);
            for (int a = 0; a < count; a++)
            {
                string kind = reader.ReadString();
                var annotationType = Read(reader);
                Generic.Call(null, typeof(TypeCodec), nameof(ReadAnnotation), [annotationType.RawType], reader, annotations, kind, annotationType);
            }
            builder.AddColumn(name, type, annotations.ToAnnotations());
        }
        return builder.ToSchema();
    }

    private static void WriteAnnotation<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default;
        annotations.GetGetter<T>(annotation)(ref value);
        ValueCodec.WriteArray<T>(writer, [value]);
    }

    private static void ReadAnnotation<T>(BinaryReader reader, DataViewSchema.Annotations.Builder annotations, string kind, DataViewType type)
    {
        var value = ValueCodec.ReadArray<T>(reader) is [var single] ? single : throw Failures.BadModel($"Corrupt model file: annotation '{kind}'.");
        AnnotationHelper.AddValue(annotations, kind, type, value);
    }
}
