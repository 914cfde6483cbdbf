using System.IO.Compression;
using System.Xml.Linq;

namespace Microsoft.ML.PaT.Tests.Package;

/// <summary>Content of the package of <c>dotnet pack</c> (docs/decisions/packaging.md).</summary>
[Category("Long")]
public class PackageContentTests
{
    private static readonly string[] s_described =
        ["id", "version", "authors", "description", "license", "readme", "tags", "copyright"];

    private static readonly string[] s_dependencies =
        ["Google.Protobuf", "Microsoft.ML", "Microsoft.ML.ImageAnalytics", "SkiaSharp", "TorchSharp"];

    [Test]
    public void The_package_holds_the_library_its_target_its_papers_and_the_dependencies()
    {
        using var packed = new PackedLibrary();
        using var package = ZipFile.OpenRead(packed.File);
        using var symbols = ZipFile.OpenRead(packed.Symbols);
        Assert.That(Files(package), Is.EquivalentTo((string[])
            ["LICENSE", "Microsoft.ML.PaT.nuspec", "README.md", "buildTransitive/Microsoft.ML.PaT.targets",
                "lib/net10.0/Microsoft.ML.PaT.dll", "lib/net10.0/Microsoft.ML.PaT.xml"]));
        Assert.That(Files(symbols), Does.Contain("lib/net10.0/Microsoft.ML.PaT.pdb"));

        using var nuspec = package.GetEntry("Microsoft.ML.PaT.nuspec")!.Open();
        var described = XDocument.Load(nuspec).Descendants().ToLookup(e => e.Name.LocalName);
        var versions = XDocument.Load(Repository.File("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(p => (string)p.Attribute("Include")!, p => (string)p.Attribute("Version")!);
        using (Assert.EnterMultipleScope())
        {
            foreach (var name in s_described)
                Assert.That(described[name].Single().Value, Is.Not.Empty.And.Not.Contain("$"), name);
            Assert.That(described["readme"].Single().Value, Is.EqualTo("README.md"));
            Assert.That(described["license"].Single().Value, Is.EqualTo("MIT"));
            Assert.That(
                described["dependency"].Select(d => ((string)d.Attribute("id")!, (string)d.Attribute("version")!)),
                Is.EquivalentTo(s_dependencies.Select(id => (id, versions[id]))));
        }
    }

    private static IEnumerable<string> Files(ZipArchive package) => package.Entries.Select(e => e.FullName)
        .Where(f => !f.StartsWith("_rels/", StringComparison.Ordinal)
            && !f.StartsWith("package/", StringComparison.Ordinal) && f != "[Content_Types].xml");
}
