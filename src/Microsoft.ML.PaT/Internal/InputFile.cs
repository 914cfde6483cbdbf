namespace Microsoft.ML.PaT.Internal;

/// <summary>Opens files that users name.</summary>
internal static class InputFile
{
    /// <exception cref="InvalidFileException">The path is that of a folder.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        Require(path);
        return File.OpenRead(path);
    }

    /// <inheritdoc cref="Open"/>
    public static byte[] ReadAllBytes(string path)
    {
        Require(path);
        return File.ReadAllBytes(path);
    }

    // The system's own message is that access to the path is denied.
    private static void Require(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidFileException(ErrorCodes.FileIsFolder, $"{path} is a folder; give a file in it.");
    }
}
