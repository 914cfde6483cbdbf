using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Internal;

/// <summary>Replaces a file as a whole: whoever reads it, even after a crash or on a full disk, finds the old content or the new.</summary>
internal static partial class AtomicFile
{
    /// <summary>What the name of a file ends with while it is written.</summary>
    public const string Unfinished = ".new";

    /// <summary>Writes a file beside <paramref name="path"/> and then renames it.</summary>
    /// <param name="path">The file to write or replace; its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The content cannot be written; the old file is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var unfinished = path + Unfinished;
        try
        {
            using (var file = File.Create(unfinished))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
            FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Makes a rename outlast a power cut. Windows does that by itself.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0) return; // a folder that may be written to but not read: nothing can be done
        // Some file systems cannot flush a folder, and need not: an error is no news.
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
