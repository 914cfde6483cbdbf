using System.Text;

namespace Microsoft.ML.PaT.Internal;

/// <summary>Reads text files: UTF-8 or UTF-16, with or without a byte-order mark.</summary>
internal static class TextFile
{
    private const long LargestFile = 64 << 20;

    /// <exception cref="InvalidFileException">The path is that of a folder.</exception>
    /// <exception cref="IOException">The file cannot be read, or has more than 64 MiB.</exception>
    public static string Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LargestFile })
            throw new IOException($"{path} has more than {LargestFile >> 20} MiB, which is too large for a text file.");
        var bytes = InputFile.ReadAllBytes(path);
        // JSON begins with an ASCII character, whose other byte is zero in UTF-16.
        var encoding =
            bytes is [0, _, ..] ? Encoding.BigEndianUnicode : bytes is [_, 0, ..] ? Encoding.Unicode : Encoding.UTF8;
        using var reader = new StreamReader(new MemoryStream(bytes), encoding, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
