using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Serving;

/// <summary>
/// Reads and writes tensors in the safetensors format, the usual exchange format of PyTorch programs.
/// </summary>
/// <remarks>
/// A file has three parts: 8 bytes with the length of the header, little-endian; the header, a JSON object from tensor
/// names to element type, shape and byte range; and the bytes of the tensors, little-endian, row-major, without gaps.
/// The reader compares every length with the length of the file before it allocates memory.
/// </remarks>
internal static class Safetensors
{
    private const int MaxHeaderBytes = 16 << 20;
    private const int Alignment = 8;
    private const string MetadataName = "__metadata__";

    /// <summary>Writes tensors in the order of their names, so that the same tensors give the same bytes.</summary>
    /// <param name="stream">Stays open.</param>
    /// <param name="tensors">Tensors by name, on any device.</param>
    /// <param name="metadata">Texts by name; null for none.</param>
    /// <exception cref="NotSupportedException">The format has no name for the element type of a tensor.</exception>
    public static void Write(
        Stream stream,
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        var header = new JsonObject();
        if (metadata is not null)
        {
            var texts = metadata.OrderBy(m => m.Key, StringComparer.Ordinal);
            header[MetadataName] =
                new JsonObject(texts.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)JsonValue.Create(m.Value))));
        }
        long end = 0;
        foreach (var (name, tensor) in ordered)
        {
            var bytes = tensor.NumberOfElements * tensor.ElementSize;
            var entry = new SafetensorsEntry(SafetensorsType.NameOf(tensor.dtype), tensor.shape, [end, end + bytes]);
            header[name] = JsonSerializer.SerializeToNode(entry, TensorJson.Default.SafetensorsEntry);
            end += bytes;
        }

        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        var padding = (Alignment - json.Length % Alignment) % Alignment;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)(json.Length + padding));
        stream.Write(prefix);
        stream.Write(json);
        for (var i = 0; i < padding; i++) stream.WriteByte((byte)' ');
        foreach (var (_, tensor) in ordered)
        {
            if (tensor.NumberOfElements == 0) continue;
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>Reads all tensors of a file.</summary>
    /// <param name="stream">Need not be seekable.</param>
    /// <param name="length">Bytes of the whole file. At most this much memory is allocated, plus the header.</param>
    /// <returns>New tensors on the CPU, detached from any scope; owned by the caller.</returns>
    /// <exception cref="InvalidFileException">The bytes are not such a file, or it is truncated or
    /// inconsistent.</exception>
    public static Dictionary<string, Tensor> Read(Stream stream, long length) => Read(stream, length, out _);

    /// <summary>Reads all tensors of a file and its metadata.</summary>
    /// <inheritdoc cref="Read(Stream, long)"/>
    public static Dictionary<string, Tensor> Read(
        Stream stream, long length, out IReadOnlyDictionary<string, string> metadata)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            var entries = ReadHeader(stream, length, out metadata)
                .OrderBy(e => e.Value.DataOffsets[0])
                .ThenBy(e => e.Value.DataOffsets[1]);
            foreach (var (name, entry) in entries)
            {
                SafetensorsType.TryParse(entry.DType, out var type, out _);
                var tensor = empty(entry.Shape, dtype: type, device: CPU).DetachFromDisposeScope();
                tensors.Add(name, tensor);
                if (tensor.NumberOfElements > 0) stream.ReadExactly(tensor.bytes);
            }
            return tensors;
        }
        catch (Exception e)
        {
            foreach (var tensor in tensors.Values) tensor.Dispose();
            if (e is EndOfStreamException or InvalidDataException) throw Truncated(e);
            throw;
        }
    }

    /// <summary>Reads the metadata of a file alone.</summary>
    /// <inheritdoc cref="Read(Stream, long)" path="/param|/exception"/>
    public static IReadOnlyDictionary<string, string> ReadMetadata(Stream stream, long length)
    {
        try
        {
            ReadHeader(stream, length, out var metadata);
            return metadata;
        }
        catch (EndOfStreamException e)
        {
            throw Truncated(e);
        }
    }

    private static Dictionary<string, SafetensorsEntry> ReadHeader(
        Stream stream, long length, out IReadOnlyDictionary<string, string> metadata)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > MaxHeaderBytes || (long)headerLength > length - prefix.Length)
            throw Invalid($"its header claims {headerLength} bytes, of {length} in all and at most {MaxHeaderBytes}");
        var json = new byte[headerLength];
        stream.ReadExactly(json);

        var entries = Parse(json, out metadata);
        long at = 0;
        foreach (var (name, entry) in entries.OrderBy(e => e.Value.DataOffsets[0]).ThenBy(e => e.Value.DataOffsets[1]))
        {
            if (!SafetensorsType.TryParse(entry.DType, out _, out var size))
                throw Invalid($"tensor '{name}' has the unknown element type '{entry.DType}'");
            // libtorch multiplies the dimensions for the strides, also those of a tensor without elements.
            if (entry.Shape.Length > 8 || entry.Shape.Any(d => d < 0)
                || (entry.Shape.Contains(0) && Product(entry.Shape.Select(d => Math.Max(d, 1))) > int.MaxValue))
            {
                throw Invalid($"tensor '{name}' has the shape [{string.Join(',', entry.Shape)}]");
            }
            if (entry.DataOffsets[0] != at)
            {
                throw Invalid(
                    $"tensor '{name}' starts at byte {entry.DataOffsets[0]}, and the one before it ends at {at}");
            }
            var bytes = (Int128)entry.DataOffsets[1] - at;
            if (Product(entry.Shape) * size != bytes)
                throw Invalid($"tensor '{name}' of shape [{string.Join(',', entry.Shape)}] cannot have {bytes} bytes");
            if (bytes > int.MaxValue)
                throw Invalid($"tensor '{name}' has {bytes} bytes; this library reads tensors of up to {int.MaxValue}");
            at = entry.DataOffsets[1];
        }
        if (at != length - prefix.Length - (long)headerLength)
            throw Invalid($"its tensors take {at} bytes, and there are {length - prefix.Length - (long)headerLength}");
        return entries;

        static Int128 Product(IEnumerable<long> sizes) =>
            sizes.Aggregate((Int128)1, (product, size) => product > long.MaxValue ? product : product * size);
    }

    private static Dictionary<string, SafetensorsEntry> Parse(
        byte[] json, out IReadOnlyDictionary<string, string> metadata)
    {
        metadata = new Dictionary<string, string>();
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Invalid("its header is not a JSON object");
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataName)
                {
                    metadata = Texts(property.Value);
                    continue;
                }
                var entry = property.Value.Deserialize(TensorJson.Default.SafetensorsEntry);
                if (entry is not { DType: not null, Shape: not null, DataOffsets.Length: 2 })
                    throw Invalid($"its header does not describe tensor '{property.Name}'");
                if (!entries.TryAdd(property.Name, entry))
                    throw Invalid($"its header has tensor '{property.Name}' twice");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid($"its header is not valid JSON ({JsonText.Describe(e)})", e);
        }
        return entries;
    }

    private static Dictionary<string, string> Texts(JsonElement json)
    {
        var texts = new Dictionary<string, string>();
        foreach (var property in json.EnumerateObject()) texts[property.Name] = property.Value.GetString() ?? "";
        return texts;
    }

    private static InvalidFileException Truncated(Exception cause) => new(
        ErrorCodes.WeightsInvalid,
        "The safetensors file ends before its last tensor: it is truncated or damaged. Copy or save it again.",
        cause);

    private static InvalidFileException Invalid(string what, Exception? cause = null) =>
        new(
            ErrorCodes.WeightsInvalid,
            $"The weights are not a valid safetensors file: {what}. The file is damaged, or not written by a program "
                + "that follows the format.",
            cause);
}
