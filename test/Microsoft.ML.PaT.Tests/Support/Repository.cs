namespace Microsoft.ML.PaT.Tests;

/// <summary>The folder from which the tests were built, with the committed results.</summary>
internal static class Repository
{
    public static string File(params string[] parts)
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "PaT.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("No folder above the tests holds PaT.sln.");
        }
        return Path.Combine([folder, .. parts]);
    }
}
