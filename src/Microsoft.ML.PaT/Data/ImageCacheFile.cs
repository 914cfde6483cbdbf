using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>A file of decoded images.</summary>
/// <remarks>
/// A header of 4096 bytes, the pixels of all images, and an index: labels as int32, weights as float, checksums of the
/// images as uint32, and a JSON document with <see cref="ImageCacheIndex"/>. The header holds 8 magic bytes, the
/// version, the length of the document, the number of images, the size of an image, all little-endian, and the SHA-256
/// of these and of the index. The index is last, because unreadable images are only known after all have been decoded.
/// </remarks>
internal static class ImageCacheFile
{
    private const int Version =
        2, HeaderBytes = 4096, HashAt = 32, IndexBytes = sizeof(int) + sizeof(float) + sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "PaT-pics"u8;

    /// <summary>Bytes of a file with a number of images, without the JSON document.</summary>
    public static long BytesOf(ImageShape shape, long images) => HeaderBytes + images * (shape.Size + IndexBytes);

    /// <param name="file">Stays open.</param>
    /// <param name="fill">Adds the images and returns their index.</param>
    public static void Write(Stream file, ImageShape shape, Func<ImageSink, ImageCacheIndex> fill)
    {
        Span<byte> header = new byte[HeaderBytes];
        file.Write(header);
        var sink = new Sink(file, shape);
        var index = Index(sink, JsonSerializer.SerializeToUtf8Bytes(fill(sink)));
        file.Write(index.All);
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], index.Document);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], sink.Count);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], shape.Size);
        SHA256.HashData([.. header[..HashAt], .. index.All]).CopyTo(header[HashAt..]);
        file.Position = 0;
        file.Write(header);
    }

    /// <summary>Opens a file and verifies all of it.</summary>
    /// <returns>The images, owned by the caller, and their index.</returns>
    /// <exception cref="InvalidDataException">The file is of another kind or version, truncated or damaged.</exception>
    /// <exception cref="InvalidFileException">Its pixels are damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (ImageDataset Images, ImageCacheIndex Index) Open(
        string path, ImageShape shape, IReadOnlyList<string> classes, CancellationToken cancellation)
    {
        var file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            var length = RandomAccess.GetLength(file);
            Span<byte> header = stackalloc byte[HashAt + SHA256.HashSizeInBytes];
            if (length < HeaderBytes || RandomAccess.Read(file, header, 0) < header.Length)
                throw new InvalidDataException("it is truncated");
            if (!header.StartsWith(Magic)) throw new InvalidDataException("it is not a file of decoded images");
            var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            if (version != Version)
                throw new InvalidDataException($"it has version {version}, and this library reads version {Version}");
            var (document, count) = (
                BinaryPrimitives.ReadInt32LittleEndian(header[12..]),
                BinaryPrimitives.ReadInt64LittleEndian(header[16..]));
            if (BinaryPrimitives.ReadInt64LittleEndian(header[24..]) != shape.Size || document < 0
                || count is < 0 or > int.MaxValue || length != BytesOf(shape, count) + document)
            {
                throw new InvalidDataException("its length differs from that in its header");
            }
            var index = new byte[checked(count * IndexBytes + document)];
            ReadAll(index, HeaderBytes + count * shape.Size);
            if (!SHA256.HashData([.. header[..HashAt], .. index]).AsSpan().SequenceEqual(header[HashAt..]))
                throw new InvalidDataException("its content does not match its hash");

            var numbers = index.AsSpan(..^document);
            var labels = MemoryMarshal.Cast<byte, int>(numbers)[..(int)count];
            var weights = MemoryMarshal.Cast<byte, float>(numbers).Slice((int)count, (int)count);
            var checksums = MemoryMarshal.Cast<byte, uint>(numbers)[^(int)count..];
            var pixels = new PixelsOnDisk(file, path, HeaderBytes, shape, checksums.ToArray());
            pixels.Check(cancellation);
            var known = JsonSerializer.Deserialize<ImageCacheIndex>(index.AsSpan(index.Length - document))!;
            return (
                new(
                    pixels,
                    tensor(Array.ConvertAll(labels.ToArray(), label => (long)label), dtype: int64),
                    classes,
                    tensor(weights.ToArray(), dtype: float32)),
                known);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        void ReadAll(Span<byte> bytes, long at)
        {
            for (var read = 0; read < bytes.Length;)
            {
                var now = RandomAccess.Read(file, bytes[read..], at + read);
                read += now > 0 ? now : throw new InvalidDataException("it is truncated");
            }
        }
    }

    private static (byte[] All, int Document) Index(Sink sink, byte[] document) =>
        (
            [
                .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(sink.Labels)),
                .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(sink.Weights)),
                .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(sink.Checksums)),
                .. document,
            ],
            document.Length);

    private sealed class Sink(Stream file, ImageShape shape) : ImageSink(shape)
    {
        public List<int> Labels { get; } = [];

        public List<float> Weights { get; } = [];

        public List<uint> Checksums { get; } = [];

        public override int Count => Labels.Count;

        protected override void Take(ReadOnlySpan<byte> planar, int label, float weight)
        {
            try
            {
                file.Write(planar);
            }
            catch (IOException e)
            {
                throw ImageCache.CannotKeep((file as FileStream)?.Name ?? "memory", e);
            }
            Labels.Add(label);
            Weights.Add(weight);
            Checksums.Add(PixelsOnDisk.Checksum(planar));
        }
    }
}
