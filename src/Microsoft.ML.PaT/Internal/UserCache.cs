namespace Microsoft.ML.PaT.Internal;

/// <summary>The folder for what can be made or fetched again: downloads, measurements, decoded images.</summary>
internal static class UserCache
{
    /// <summary>The folder: <c>$XDG_CACHE_HOME/microsoft-ml-pat</c> or <c>~/.cache/microsoft-ml-pat</c> on Unix, below the local application data on Windows.</summary>
    public static string Folder
    {
        get
        {
            var cache = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) : Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.Combine(string.IsNullOrEmpty(cache) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : cache, "microsoft-ml-pat");
        }
    }
}
