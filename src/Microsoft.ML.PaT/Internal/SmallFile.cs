namespace Microsoft.ML.PaT.Internal;

/// <summary>Reads files of limited size. Rejects larger files before it allocates memory.</summary>
internal static class SmallFile
{
    /// <summary>Reads a whole file of JSON as UTF-8.</summary>
    /// <exception cref="InvalidFileException">It is larger than it may be.</exception>
    public static ReadOnlyMemory<byte> ReadJson(string path, int limit)
    {
        using var file = InputFile.Open(path);
        if (file.Length > limit)
        {
            throw new InvalidFileException(
                ErrorCodes.FileTooLarge, $"{path} has {file.Length:N0} bytes; no such file has more than {limit:N0}.");
        }
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return JsonText.Utf8(content);
    }
}
