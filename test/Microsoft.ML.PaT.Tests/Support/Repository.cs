namespace Microsoft.ML.PaT.Tests;

/// <summary>The folder that the tests were built from, for results that are committed.</summary>
internal static class Repository
{
    /// <summary>Full path of a file in it.</summary>
    public static string File(params string[] parts)
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "PaT.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds PaT.sln.");
        return Path.Combine([folder, .. parts]);
    }
}
