namespace Microsoft.ML.PaT.Samples;

/// <summary>
/// Keeps a folder to one process. The lock is the operating system's, on an open file: it goes when the process goes, however it ends.
/// </summary>
internal sealed class WorkspaceLock : IDisposable
{
    private readonly FileStream _file;

    private WorkspaceLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The folder; made when it is not there.</param>
    /// <param name="owner">Who takes it, for the message to others.</param>
    /// <exception cref="WorkspaceInUseException">Another process has it.</exception>
    public static WorkspaceLock Take(string folder, string owner)
    {
        Directory.CreateDirectory(folder);
        var (path, note) = (Path.Combine(folder, "lock"), Path.Combine(folder, "lock.owner"));
        try
        {
            // .NET locks what it opens for itself alone, and frees the lock with the process. The note is apart because the file cannot be read by others.
            var taken = new WorkspaceLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            File.WriteAllText(note, owner);
            return taken;
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            var who = File.Exists(note) ? File.ReadAllText(note) : "another process";
            throw new WorkspaceInUseException($"{folder} is in use by {who}: wait for it, or give another folder with --out", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
