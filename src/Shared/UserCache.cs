namespace Microsoft.ML.PaT.Shared;

/// <summary>The folder for files that can be created again: downloads, measurements, decoded images.</summary>
internal static class UserCache
{
    private const string Name = "microsoft-ml-pat";

    /// <summary>
    /// The folder: <c>$XDG_CACHE_HOME/microsoft-ml-pat</c> or <c>~/.cache/microsoft-ml-pat</c> on Unix, below the local
    /// application data on Windows. If these cannot be written, a folder for temporary files.
    /// </summary>
    public static string Folder => Find().Folder;

    /// <summary>Why the folder is one for temporary files; null if it is not.</summary>
    public static string? Remark => Find().Remark;

    private static (string Folder, string? Remark) Find()
    {
        var user = OfUser();
        if (user is not null && IsWritable(user)) return (user, null);
        var temporary = Path.Combine(Path.GetTempPath(), $"{Name}-{Environment.UserName}");
        var why = user is null ? "There is no home folder" : $"{user} cannot be written";
        return (temporary, $"{why}: the cache is in {temporary}.");
    }

    private static string? OfUser()
    {
        var cache = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (Path.IsPathFullyQualified(cache ?? "")) return Path.Combine(cache!, Name);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.IsPathFullyQualified(home) ? Path.Combine(home, ".cache", Name) : null;
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, Path.GetRandomFileName());
            File.Create(probe, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
