using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Writes and reads values of any raw type, and arrays of them, in little-endian binary.</summary>
internal static class ValueCodec
{
    internal static void WriteArray<T>(BinaryWriter writer, ReadOnlySpan<T> values)
    {
        writer.Write(values.Length);
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            writer.Write(Bytes(values));
        else
            foreach (var value in values) Write(writer, value);
    }

    internal static T[] ReadArray<T>(BinaryReader reader)
    {
        int count = ReadCount(reader, RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? 1 : Unsafe.SizeOf<T>());
        var values = new T[count];
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            reader.BaseStream.ReadExactly(MutableBytes<T>(values));
        else
            for (int i = 0; i < count; i++) values[i] = Read<T>(reader);
        return values;
    }

    /// <summary>A count that the rest of the stream can hold: a hostile file must not make us allocate what it does not contain.</summary>
    internal static int ReadCount(BinaryReader reader, int bytesEach)
    {
        int count = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        if (count < 0 || (long)count * bytesEach > left) throw Failures.BadModel($"Corrupt model file: {count} values announced, {left} bytes left.");
        return count;
    }

    private static void Write<T>(BinaryWriter writer, T value)
    {
        if (value is ReadOnlyMemory<char> text) writer.Write(text.ToString());
        else Generic.Call(null, typeof(ValueCodec), nameof(WriteVector), [typeof(T).GetGenericArguments()[0]], writer, value);
    }

    private static T Read<T>(BinaryReader reader) => typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (T)(object)reader.ReadString().AsMemory()
        : (T)Generic.Call(null, typeof(ValueCodec), nameof(ReadVector), [typeof(T).GetGenericArguments()[0]], reader);

    private static void WriteVector<TItem>(BinaryWriter writer, VBuffer<TItem> vector) => WriteArray<TItem>(writer, vector.DenseValues().ToArray());

    private static VBuffer<TItem> ReadVector<TItem>(BinaryReader reader)
    {
        var values = ReadArray<TItem>(reader);
        return new(values.Length, values);
    }

    private static ReadOnlySpan<byte> Bytes<T>(ReadOnlySpan<T> values) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values)), checked(values.Length * Unsafe.SizeOf<T>()));

    private static Span<byte> MutableBytes<T>(Span<T> values) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values)), checked(values.Length * Unsafe.SizeOf<T>()));
}
