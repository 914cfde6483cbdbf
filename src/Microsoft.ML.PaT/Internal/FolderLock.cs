namespace Microsoft.ML.PaT.Internal;

/// <summary>
/// Reserves a folder for one process. The operating system releases the lock when the process ends, so stale locks
/// cannot occur.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _lock;

    private FolderLock(FileStream file) => _lock = file;

    /// <exception cref="InvalidFileException">Another process holds the lock.</exception>
    public static FolderLock Take(string folder)
    {
        // Other processes cannot read a locked file, so the holder's name is in a second file.
        string path = Path.Combine(folder, "lock"), holder = Path.Combine(folder, "lock.holder");
        FileStream file;
        try
        {
            file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path) && e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new InvalidFileException(
                ErrorCodes.FolderInUse,
                $"The folder {folder} is in use by {Holder(holder)}. Wait until that run ends, stop it, or give this "
                    + "one another folder.",
                e);
        }
        File.WriteAllText(holder, $"process {Environment.ProcessId} on {Environment.MachineName}");
        return new(file);
    }

    public void Dispose() => _lock.Dispose();

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "another run";
        }
    }
}
