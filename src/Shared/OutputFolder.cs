namespace Microsoft.ML.PaT.Shared;

internal static class OutputFolder
{
    /// <summary>Creates a folder and its parents if they do not exist.</summary>
    /// <exception cref="IOException">The folder cannot be created. If a file has its path, the message names the
    /// file.</exception>
    public static void Make(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(at)) throw new IOException($"{at} is a file, and a folder is needed there");
        }
        Directory.CreateDirectory(folder);
    }
}
