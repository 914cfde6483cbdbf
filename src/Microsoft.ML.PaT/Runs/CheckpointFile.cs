using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.PaT.Serving;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Format: 8 bytes of magic, 4 of version and 4 of the JSON's length, little endian; then the JSON, a safetensors file,
/// and the SHA-256 of everything before it. The hash is checked first, so a truncated or changed file is refused.
/// </summary>
internal static class CheckpointFile
{
    private const int Version = 1, HeaderBytes = 16;

    /// <summary>How a <see cref="CheckpointState"/> is written.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    private static ReadOnlySpan<byte> Magic => "PaT-ckpt"u8;

    /// <summary>Writes a checkpoint. The stream stays open; tensors may be on any device.</summary>
    public static void Write(Stream file, CheckpointState state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(state, Json);
            Span<byte> header = stackalloc byte[HeaderBytes];
            Magic.CopyTo(header);
            BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
            BinaryPrimitives.WriteInt32LittleEndian(header[12..], json.Length);
            hashed.Write(header);
            hashed.Write(json);
            Safetensors.Write(hashed, tensors);
        }
        file.Write(hash.Hash);
    }

    /// <exception cref="InvalidFileException">
    /// The file is not a checkpoint, is damaged, or has another version.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Checkpoint Read(string path)
    {
        using var file = File.OpenRead(path);
        var end = file.Length - SHA256.HashSizeInBytes;
        if (end < HeaderBytes) throw Damaged("it is truncated");
        CheckHash(end);
        file.Position = 0;
        Span<byte> header = stackalloc byte[HeaderBytes];
        file.ReadExactly(header);
        if (!header[..8].SequenceEqual(Magic)) throw Damaged("it does not begin as one");
        var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (version != Version)
        {
            throw new InvalidFileException(ErrorCodes.VersionUnsupported,
                $"{path} has version {version}; this library reads version {Version}. " +
                "Resume with the library that wrote it.");
        }
        try
        {
            var json = new byte[BinaryPrimitives.ReadInt32LittleEndian(header[12..])];
            file.ReadExactly(json);
            var state = JsonSerializer.Deserialize<CheckpointState>(json, Json) ?? throw Damaged("it is empty");
            return new(state, Safetensors.Read(file, end - file.Position));
        }
        catch (Exception e) when (
            e is JsonException or EndOfStreamException or OverflowException
                or InvalidFileException { Code: ErrorCodes.WeightsInvalid })
        {
            throw Damaged(JsonText.Describe(e), e);
        }

        InvalidFileException Damaged(string what, Exception? cause = null) =>
            new(ErrorCodes.CheckpointDamaged, $"{path} is not a complete checkpoint: {what}.", cause);

        void CheckHash(long length)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var block = new byte[1 << 16];
            for (var left = length; left > 0;)
            {
                var read = file.Read(block, 0, (int)Math.Min(block.Length, left));
                if (read == 0) throw Damaged("it is truncated");
                hash.AppendData(block, 0, read);
                left -= read;
            }
            Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
            file.ReadExactly(expected);
            if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected)) throw Damaged("its hash does not match");
        }
    }
}
