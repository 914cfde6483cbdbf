using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.PaT.Serving;

/// <summary>Recognizes files by their first bytes, and rejects those without weights.</summary>
internal static class WeightsFileKind
{
    private const int Start = 512;

    private const string Expected =
        "Expected were safetensors, a .pat archive of this library, or an ONNX model with the ending .onnx.";

    private const string Resave =
        "Save the weights as safetensors in Python: "
        + "safetensors.torch.save_file(model.state_dict(), \"weights.safetensors\").";

    private const string Again = "Download or copy the file itself again.";

    /// <summary>Whether a file is an archive of this library. Resets the position to 0.</summary>
    /// <exception cref="InvalidFileException">The file has no weights, or none that this library reads. The message
    /// says what it is.</exception>
    public static bool IsArchive(FileStream file)
    {
        Span<byte> start = stackalloc byte[Start];
        start = start[..file.ReadAtLeast(start, Start, throwOnEndOfStream: false)];
        file.Position = 0;
        if (Foreign(start, file) is { } foreign)
        {
            throw new InvalidFileException(
                ErrorCodes.WeightsInvalid, $"{file.Name} {foreign.Is}. {Expected} {foreign.Cure}");
        }
        return start.StartsWith("PK\u0003\u0004"u8);
    }

    private static (string Is, string Cure)? Foreign(ReadOnlySpan<byte> start, FileStream file)
    {
        if (start.IsEmpty) return ("is empty", Again);
        if (start.StartsWith("version https://git-lfs"u8))
            return ("is a pointer of Git LFS to the weights, not the weights", "Fetch them: git lfs pull.");
        if (start.StartsWith("PK\u0003\u0004"u8))
            return IsTorchZip(file) ? ("is a state dict of PyTorch", $"The command line pat reads it. {Resave}") : null;
        // The number that PyTorch wrote first before version 1.6, pickled.
        if (start.StartsWith((ReadOnlySpan<byte>)[0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8]))
            return ("is a file of PyTorch in the format before version 1.6", Resave);
        if (start is [0x80, >= 2 and <= 5, ..]) return ("is a pickle of Python", Resave);
        if (start is [0x1F, 0x8B, ..]) return ("is compressed with gzip", "Unpack it first.");
        if (start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F']))
            return ("is an HDF5 file, as Keras writes", "Export the model as ONNX.");
        if (!IsText(start) || IsSafetensors(start)) return null;
        var text = System.Text.Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.StartsWith('<')
            ? ("is a web page, not weights", Again)
            : ($"is a text that begins with \"{Line(text)}\"", Again);
    }

    /// <summary>Whether a zip holds a state dict of PyTorch since version 1.6.</summary>
    private static bool IsTorchZip(FileStream file)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return zip.Entries.Any(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal));
        }
        catch (InvalidDataException)
        {
            return false; // the reader of archives reports what is wrong
        }
        finally
        {
            file.Position = 0;
        }
    }

    /// <summary>Whether the content starts with the length of a safetensors header and an opening brace.</summary>
    private static bool IsSafetensors(ReadOnlySpan<byte> start) =>
        start.Length > sizeof(ulong) && start[sizeof(ulong)] == '{'
        && BinaryPrimitives.ReadUInt64LittleEndian(start) < uint.MaxValue;

    private static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (var b in start)
        {
            if (b < ' ' && b is not ((byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        }
        return true;
    }

    private static string Line(string text)
    {
        var line = text.Split('\r', '\n')[0];
        return line.Length > 40 ? line[..40] : line;
    }
}
