namespace Microsoft.ML.PaT;

/// <summary>Replaces a file as a whole: whoever reads it, even after a crash or on a full disk, finds the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file beside <paramref name="path"/> and then renames it.</summary>
    /// <param name="path">The file to write or replace; its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The content cannot be written; the old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var unfinished = path + ".new";
        try
        {
            using (var file = File.Create(unfinished))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
