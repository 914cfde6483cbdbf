namespace Microsoft.ML.PaT.Samples;

/// <summary>The folder where downloaded pictures are kept.</summary>
internal static class DataCache
{
    /// <summary>The folder: <c>$XDG_CACHE_HOME/microsoft-ml-pat</c> or <c>~/.cache/microsoft-ml-pat</c> on Unix, below the local application data on Windows.</summary>
    public static string Folder
    {
        get
        {
            if (OperatingSystem.IsWindows())
            {
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "microsoft-ml-pat");
            }

            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.Combine(string.IsNullOrEmpty(cache) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : cache, "microsoft-ml-pat");
        }
    }
}
