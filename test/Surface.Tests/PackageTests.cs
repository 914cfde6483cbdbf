using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Xml.Linq;

namespace Surface.Tests;

/// <summary>What `dotnet pack` makes: the same package whatever this machine builds with (docs/decisions/packaging.md).</summary>
public class PackageTests
{
    private const string Project = "src/Microsoft.ML.PaT/Microsoft.ML.PaT.csproj";
    private static readonly string _repository = Repository();

    [Test]
    public void TheDependenciesWrittenDownAreThoseThatTheProjectReferences()
    {
        using var evaluated = JsonDocument.Parse(Dotnet("msbuild", Project, "-getItem:PackageReference", "-p:PaTDependencies=packages"));
        var referenced = evaluated.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Where(p => !(p.TryGetProperty("PrivateAssets", out var assets) && assets.GetString() == "all"))
            .Select(p => p.GetProperty("Identity").GetString());
        Assert.That(Dependencies(XDocument.Load(Path.Combine(_repository, Path.ChangeExtension(Project, "nuspec")))).Select(d => d.Id), Is.EquivalentTo(referenced));
    }

    [Test]
    [Category("Long")]
    public void ThePackageHoldsWhatItShouldAndAsksForTheRealPackages()
    {
        var output = Path.Combine(_repository, "artifacts", "package-test");
        if (Directory.Exists(output)) Directory.Delete(output, recursive: true);
        Dotnet("pack", Project, "-c", "Release", "-o", output, "-v", "q", "-nologo", "-m:1", "-nr:false");

        using var package = ZipFile.OpenRead(Directory.GetFiles(output, "*.nupkg").Single());
        using var symbols = ZipFile.OpenRead(Directory.GetFiles(output, "*.snupkg").Single());
        Assert.That(Files(package), Is.EquivalentTo((string[])["LICENSE", "Microsoft.ML.PaT.nuspec", "README.md", "lib/net10.0/Microsoft.ML.PaT.dll", "lib/net10.0/Microsoft.ML.PaT.xml"]));
        Assert.That(Files(symbols), Does.Contain("lib/net10.0/Microsoft.ML.PaT.pdb"));

        using var nuspec = package.GetEntry("Microsoft.ML.PaT.nuspec")!.Open();
        var described = XDocument.Load(nuspec);
        using (Assert.EnterMultipleScope())
        {
            foreach (var name in (string[])["id", "version", "authors", "description", "license", "readme", "tags", "copyright"])
                Assert.That(described.Descendants().Single(e => e.Name.LocalName == name).Value, Is.Not.Empty.And.Not.Contain("$"), name);
            Assert.That(Dependencies(described), Is.EquivalentTo(Dependencies(described).Select(d => (d.Id, CentralVersion(d.Id)))));
            Assert.That(References(package.GetEntry("lib/net10.0/Microsoft.ML.PaT.dll")!).Where(r => !r.StartsWith("System.", StringComparison.Ordinal)), Is.SubsetOf(
                (string[])["Google.Protobuf", "TorchSharp", "Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.DataView", "Microsoft.ML.ImageAnalytics", "Microsoft.ML.StandardTrainers", "Microsoft.ML.Transforms"]));
        }
    }

    private static IEnumerable<(string Id, string Version)> Dependencies(XDocument nuspec) =>
        nuspec.Descendants().Where(e => e.Name.LocalName == "dependency").Select(d => ((string)d.Attribute("id")!, (string)d.Attribute("version")!));

    private static string CentralVersion(string id)
    {
        var versions = XDocument.Load(Path.Combine(_repository, "Directory.Packages.props"));
        var version = (string)versions.Descendants("PackageVersion").Single(p => (string?)p.Attribute("Include") == id).Attribute("Version")!;
        return version == "$(TorchSharpVersion)" ? versions.Descendants("TorchSharpVersion").Single().Value : version;
    }

    private static IEnumerable<string> Files(ZipArchive package) => package.Entries.Select(e => e.FullName)
        .Where(f => !f.StartsWith("_rels/", StringComparison.Ordinal) && !f.StartsWith("package/", StringComparison.Ordinal) && f != "[Content_Types].xml");

    private static List<string> References(ZipArchiveEntry assembly)
    {
        using var content = new MemoryStream();
        using (var entry = assembly.Open()) entry.CopyTo(content);
        content.Position = 0;
        using var reader = new PEReader(content);
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))];
    }

    private static string Dotnet(params string[] arguments)
    {
        using var dotnet = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _repository, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = dotnet.StandardError.ReadToEndAsync();
        var output = dotnet.StandardOutput.ReadToEnd();
        dotnet.WaitForExit();
        Assert.That(dotnet.ExitCode, Is.Zero, $"{output}{errors.Result}");
        return output;
    }

    private static string Repository()
    {
        string? folder = TestContext.CurrentContext.TestDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "PaT.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No folder above {TestContext.CurrentContext.TestDirectory} holds PaT.sln.");
    }
}
