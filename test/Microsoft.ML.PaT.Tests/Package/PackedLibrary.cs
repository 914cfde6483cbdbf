namespace Microsoft.ML.PaT.Tests.Package;

/// <summary>The package of the library as built with these tests, under a unique version.</summary>
internal sealed class PackedLibrary : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedLibrary()
    {
        Version = $"0.0.0-test{Environment.ProcessId}";
        // artifacts/bin/<project>/<configuration>
        var configuration = Path.GetFileName(TestContext.CurrentContext.TestDirectory) == "debug" ? "Debug" : "Release";
        Commands.Dotnet(Repository.File(), "pack", "src/Microsoft.ML.PaT", "-c", configuration, "--no-build",
            $"-p:PackageVersion={Version}", "-o", _folder.Name, "-nologo");
    }

    public string Version { get; }

    public string Source => _folder.Name;

    public string File => Path.Combine(_folder.Name, $"Microsoft.ML.PaT.{Version}.nupkg");

    public string Symbols => Path.ChangeExtension(File, "snupkg");

    public void Dispose()
    {
        _folder.Dispose();
        // Restore unpacks the package into the user's package folder.
        var unpacked = Path.Combine(Packages.Root, "microsoft.ml.pat", Version);
        if (Directory.Exists(unpacked)) Directory.Delete(unpacked, recursive: true);
    }
}
