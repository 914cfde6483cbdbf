using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Onnx;

/// <summary>A constant of an ONNX model.</summary>
/// <param name="Name">Name of the tensor; empty in attributes.</param>
/// <param name="Type">Element type, a number of TensorProto.DataType.</param>
/// <param name="Values">Elements, little-endian and row-major; a slice of the file's buffer.</param>
internal sealed record OnnxTensor(string Name, int Type, long[] Shape, ReadOnlyMemory<byte> Values)
{
    private const int Float32 = 1,
        UInt8 = 2,
        Int8 = 3,
        UInt16 = 4,
        Int16 = 5,
        Int32 = 6,
        Int64 = 7,
        Bool = 9,
        Float16 = 10,
        Float64 = 11,
        BFloat16 = 16;

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <exception cref="InvalidFileException">The values are in a file that is missing or too short, do not match the
    /// shape, or have an unsupported type.</exception>
    public static OnnxTensor Read(ProtoReader reader, OnnxDataFiles files)
    {
        const int dims = 1,
            dataType = 2,
            floatData = 4,
            int32Data = 5,
            int64Data = 7,
            name = 8,
            rawData = 9,
            doubleData = 10,
            externalData = 13,
            dataLocation = 14;
        var (shape, integers, longs, floats, doubles) =
            (new List<long>(), new List<long>(), new List<long>(), new List<float>(), new List<double>());
        var (text, type, isExternal) = ("", 0, false);
        var entries = new Dictionary<string, string>();
        ReadOnlyMemory<byte>? raw = null;
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case dims: reader.Integers(shape); break;
                case dataType: type = checked((int)reader.Integer()); break;
                case floatData: reader.Floats(floats); break;
                case int32Data: reader.Integers(integers); break;
                case int64Data: reader.Integers(longs); break;
                case name: text = reader.Text(); break;
                case rawData: raw = reader.Bytes(); break;
                case doubleData: reader.Doubles(doubles); break;
                case externalData: isExternal = true; ReadEntry(reader.Message(), entries); break;
                case dataLocation: isExternal |= reader.Integer() == 1; break;
                default: reader.Skip(); break;
            }
        }
        var tensor = new OnnxTensor(text, type, [.. shape], default);
        if (shape.Exists(s => s < 0)) throw Damaged(0);
        var bytes = checked(tensor.Count * Size(type, text));
        if (isExternal) return tensor with { Values = files.Read(text, entries, bytes) };
        var values = raw ?? type switch
        {
            Float32 => Bytes(floats, BitConverter.GetBytes),
            Float64 => Bytes(doubles, BitConverter.GetBytes),
            Int64 => Bytes(longs, BitConverter.GetBytes),
            Int32 => Bytes(integers, v => BitConverter.GetBytes((int)v)),
            UInt8 or Int8 or Bool => Bytes(integers, v => [(byte)v]),
            Int16 or UInt16 or Float16 or BFloat16 => Bytes(integers, v => BitConverter.GetBytes((ushort)v)),
            _ => ReadOnlyMemory<byte>.Empty,
        };
        return values.Length == bytes ? tensor with { Values = values } : throw Damaged(values.Length);

        InvalidFileException Damaged(int length) =>
            new(
                ErrorCodes.OnnxFileInvalid,
                $"Tensor '{text}' [{string.Join(',', shape)}] of the ONNX model has {length} bytes: the file is "
                    + "damaged.");
    }

    /// <summary>Returns a new tensor on the CPU: float32 for floats, int64 for integers, bool for booleans.</summary>
    public Tensor ToTensor()
    {
        switch (Type)
        {
            case Float32: return Copy<float>(float32);
            case Int64: return Copy<long>(int64);
            case Bool: return Copy<byte>(uint8).to(ScalarType.Bool);
            case Float64: return Copy<double>(float64).to(float32);
            case Int32: return Copy<int>(int32).to(int64);
            case Int16: return Copy<short>(int16).to(int64);
            case Int8: return Copy<sbyte>(int8).to(int64);
            case UInt8: return Copy<byte>(uint8).to(int64);
            case UInt16: return tensor(Elements<ushort>().Select(v => (long)v).ToArray()).reshape(Shape);
            case Float16:
                return tensor(Elements<ushort>().Select(v => (float)BitConverter.UInt16BitsToHalf(v)).ToArray())
                    .reshape(Shape);
            default:
                return tensor(Elements<ushort>().Select(v => BitConverter.Int32BitsToSingle(v << 16)).ToArray())
                    .reshape(Shape);
        }
    }

    private static void ReadEntry(ProtoReader reader, Dictionary<string, string> entries)
    {
        const int key = 1, value = 2;
        var (name, text) = ("", "");
        while (reader.Next(out var field))
        {
            if (field == key) name = reader.Text();
            else if (field == value) text = reader.Text();
            else reader.Skip();
        }
        entries[name] = text;
    }

    private Tensor Copy<T>(ScalarType type) where T : unmanaged
    {
        var copy = empty(Shape, dtype: type, device: CPU);
        Values.Span.CopyTo(copy.bytes);
        return copy;
    }

    private T[] Elements<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Values.Span).ToArray();

    private static byte[] Bytes<T>(List<T> values, Func<T, byte[]> bytes) => [.. values.SelectMany(bytes)];

    private static int Size(int type, string name) => type switch
    {
        UInt8 or Int8 or Bool => 1,
        UInt16 or Int16 or Float16 or BFloat16 => 2,
        Float32 or Int32 => 4,
        Float64 or Int64 => 8,
        _ => throw new InvalidFileException(
            ErrorCodes.OnnxFileInvalid,
            $"Tensor '{name}' of the ONNX model has elements of type {type}; expected floats, whole numbers or "
                + "truth values."),
    };
}
