namespace Microsoft.ML.PaT.Internal;

/// <summary>Makes the folders that users name.</summary>
internal static class OutputFolder
{
    /// <summary>Makes a folder, and those above it, where there is none.</summary>
    /// <exception cref="IOException">It cannot be made. If a file is in the way, the message names it.</exception>
    public static void Make(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(at)) throw new IOException($"{at} is a file, and a folder is needed there");
        }
        Directory.CreateDirectory(folder);
    }
}
