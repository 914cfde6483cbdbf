namespace Microsoft.ML.PaT.Shared;

/// <summary>
/// Reserves a folder for one process. The operating system releases the lock when the process ends, so stale locks
/// cannot occur.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    // EWOULDBLOCK of flock; ERROR_SHARING_VIOLATION.
    private const int LinuxWouldBlock = 11, MacWouldBlock = 35, SharingViolation = unchecked((int)0x80070020);

    // Hidden beside the results.
    private const string FileName = ".lock", HolderName = ".lock.holder";

    private readonly FileStream _lock;
    private readonly string _folder;
    private readonly bool _isNew;

    private FolderLock(FileStream file, string folder, bool isNew) => (_lock, _folder, _isNew) = (file, folder, isNew);

    /// <summary>Locks the folder. Creates it if it does not exist.</summary>
    /// <exception cref="InvalidFileException">Another process holds the lock.</exception>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    public static FolderLock Take(string folder)
    {
        var isNew = !Directory.Exists(folder);
        OutputFolder.Make(folder);
        var path = Path.Combine(folder, FileName);
        FileStream file;
        try
        {
            file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new InvalidFileException(
                ErrorCodes.FolderInUse,
                $"The folder {folder} is in use by {HolderOf(folder)}. Wait until that run ends, stop it, or give this "
                    + "one another folder.",
                e);
        }
        try
        {
            File.WriteAllText(HolderPath(folder), $"process {Environment.ProcessId} on {Environment.MachineName}");
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return new(file, folder, isNew);
    }

    /// <summary>Whether a file cannot be opened because another stream holds its lock.</summary>
    public static bool IsHeld(IOException error) =>
        error.HResult is LinuxWouldBlock or MacWouldBlock or SharingViolation;

    /// <summary>Whether the folder has nothing but a lock.</summary>
    public static bool IsEmpty(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).All(e => Path.GetFileName(e) is FileName or HolderName);

    /// <summary>Releases the folder. Deletes it if <see cref="Take"/> created it and it is empty.</summary>
    public void Dispose()
    {
        var isEmpty = _isNew && Directory.Exists(_folder) && IsEmpty(_folder);
        _lock.Dispose();
        if (!isEmpty) return;
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // Another process has just taken it.
        }
    }

    // Other processes cannot read a locked file, so the holder's name is in a second file.
    private static string HolderPath(string folder) => Path.Combine(folder, HolderName);

    private static string HolderOf(string folder)
    {
        try
        {
            return File.ReadAllText(HolderPath(folder));
        }
        catch (IOException)
        {
            return "another run";
        }
    }
}
