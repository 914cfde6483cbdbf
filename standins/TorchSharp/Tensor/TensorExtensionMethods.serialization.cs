using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp;

// A tensor in a stream: element type, number of dimensions and each of them as LEB128, then the elements as they lie in memory.
public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            using var here = tensor.cpu();
            here.Save(writer);
            return;
        }
        var shape = tensor.shape;
        writer.Encode((long)tensor.dtype);
        writer.Encode(shape.Length);
        foreach (long size in shape) writer.Encode(size);
        tensor.WriteBytesToStream(writer.BaseStream, 1 << 16);
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location)
    {
        using var stream = File.Create(location);
        tensor.Save(stream);
    }

    /// <summary>Reads into a tensor that has the type and the shape of what was saved; or skips what is there.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = Header(reader);
        if (type != tensor.dtype)
            throw new ArgumentException($"Mismatched tensor data types while loading: {type} was saved, {tensor.dtype} is expected. Make sure that the model you are loading into is exactly the same as the origin.");
        Read(tensor, shape, reader, skip);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = Header(reader);
        tensor ??= skip ? zeros(shape, type) : empty(shape, type);
        Read(tensor, shape, reader, skip);
    }

    private static (ScalarType, long[]) Header(BinaryReader reader)
    {
        var type = (ScalarType)reader.Decode();
        var shape = new long[reader.Decode()];
        for (int i = 0; i < shape.Length; i++) shape[i] = reader.Decode();
        return (type, shape);
    }

    private static void Read(Tensor tensor, long[] shape, BinaryReader reader, bool skip)
    {
        if (skip)
        {
            reader.BaseStream.Seek(shape.TotalSize() * tensor.ElementSize, SeekOrigin.Current);
            return;
        }
        if (!shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"Mismatched tensor shape while loading: [{string.Join(", ", shape)}] was saved, [{string.Join(", ", tensor.shape)}] is expected. Make sure that the model you are loading into is exactly the same as the origin.");
        using var unrecorded = no_grad();
        if (tensor.device_type == DeviceType.CPU)
        {
            tensor.ReadBytesFromStream(reader.BaseStream, 1 << 16);
            return;
        }
        using var here = empty(shape, tensor.dtype, CPU);
        here.ReadBytesFromStream(reader.BaseStream, 1 << 16);
        tensor.copy_(here);
    }
}
