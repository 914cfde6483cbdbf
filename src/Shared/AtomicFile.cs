using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Shared;

/// <summary>
/// Replaces files atomically: readers see either the old or the new content, even after a crash or on a full disk.
/// </summary>
internal static partial class AtomicFile
{
    /// <summary>Suffix of the temporary file.</summary>
    public const string Unfinished = ".new";

    /// <summary>Writes a temporary file next to <paramref name="path"/> and renames it.</summary>
    /// <param name="path">The file to create or replace. Its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">There is no such folder, the path is a folder, or the content cannot be
    /// written; the old file is unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder; give the path of a file.");
        if (!Directory.Exists(folder))
        {
            var why = File.Exists(folder) ? $"{folder} is a file" : $"there is no folder {folder}; create it first";
            throw new DirectoryNotFoundException($"{path} cannot be written: {why}.");
        }
        var unfinished = Path.GetFullPath(path + Unfinished);
        try
        {
            Replace(path, unfinished, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e.Message.Contains(unfinished))
        {
            // The caller knows only the path.
            throw new IOException(e.Message.Replace(unfinished, path, StringComparison.Ordinal), e);
        }
        FlushFolder(folder);
    }

    private static void Replace(string path, string unfinished, Action<Stream> write)
    {
        var file = File.Create(unfinished); // fails, and leaves the file alone, while another writer has it open
        try
        {
            using (file)
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

    /// <summary>Makes the rename durable. Windows needs no call for it.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0) return; // a folder that may be written to but not read: nothing can be done
        // Some file systems do not support fsync on directories; ignore failures.
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
