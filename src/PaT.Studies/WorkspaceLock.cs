namespace PaT.Studies;

/// <summary>
/// Reserves a workspace for one process. The operating system holds the lock on an open file and releases it when the
/// process ends, however it ends, so no stale lock remains.
/// </summary>
public sealed class WorkspaceLock : IDisposable
{
    private readonly FileStream _file;

    private WorkspaceLock(FileStream file) => _file = file;

    /// <summary>Takes a folder, which must exist.</summary>
    /// <exception cref="WorkspaceInUseException">Another process has it.</exception>
    public static WorkspaceLock Take(string folder)
    {
        string path = Path.Combine(folder, "lock"), holder = Path.Combine(folder, "lock.holder");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            // Other processes cannot read a locked file.
            File.WriteAllText(holder, $"process {Environment.ProcessId} on {Environment.MachineName}");
            return new(file);
        }
        catch (IOException e) when (File.Exists(path) && e is not (DirectoryNotFoundException or PathTooLongException))
        {
            var name = File.Exists(holder) ? File.ReadAllText(holder) : "another process";
            throw new WorkspaceInUseException(
                $"The folder {folder} is in use by {name}. Wait until it ends, stop it, or give another folder.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
