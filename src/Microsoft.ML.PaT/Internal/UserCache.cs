namespace Microsoft.ML.PaT.Internal;

/// <summary>Folder for data that can be recreated: downloads, measurements, decoded images.</summary>
internal static class UserCache
{
    /// <summary>
    /// <c>$XDG_CACHE_HOME/microsoft-ml-pat</c> or <c>~/.cache/microsoft-ml-pat</c> on Unix; below the local application
    /// data folder on Windows.
    /// </summary>
    public static string Folder
    {
        get
        {
            var cache = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.Combine(
                string.IsNullOrEmpty(cache)
                    ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache")
                    : cache,
                "microsoft-ml-pat");
        }
    }
}
