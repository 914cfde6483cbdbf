namespace Microsoft.ML.PaT.Internal;

/// <summary>
/// Keeps a folder for one process. The lock is the system's, on an open file: it is gone with the process however that ends, so there are no stale ones.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _lock;

    private FolderLock(FileStream file) => _lock = file;

    /// <summary>Takes a folder.</summary>
    /// <param name="folder">The folder; must exist.</param>
    /// <exception cref="InvalidFileException">Another run has it.</exception>
    public static FolderLock Take(string folder)
    {
        // A locked file cannot be read by others, so the holder's name lies beside it.
        string path = Path.Combine(folder, "lock"), holder = Path.Combine(folder, "lock.holder");
        FileStream file;
        try
        {
            file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path) && e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new InvalidFileException(ErrorCodes.FolderInUse, $"The folder {folder} is in use by {Holder(holder)}. Wait until that run ends, stop it, or give this one another folder.", e);
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
