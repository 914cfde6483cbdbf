using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Internal;

namespace Microsoft.ML.PaT.Tests;

public class TorchLibraryTests
{
    private const string TorchSharpLibrary = "libLibTorchSharp.so";

    [Test]
    public void Without_libtorch_a_named_error_says_which_package_to_reference()
    {
        RequireLinux();
        using var program = new ProgramCopy(file =>
            Path.GetFileName(file).Contains("torch", StringComparison.OrdinalIgnoreCase) ? null : file);
        var attempts = AttemptsOf(program);
        Assert.That(attempts, Has.Length.EqualTo(13));
        Assert.That(attempts, Is.All.Contain($": {nameof(DeviceUnavailableException)}: ")
            .And.All.Contain("TorchSharp-cpu 0.107.0").And.All.Not.Contain("GLIBCXX"));
    }

    [Test]
    public void With_the_library_as_published_a_named_error_says_what_an_older_system_needs()
    {
        RequireLinux();
        Libstdcxx.RequireOld();
        using var program = new ProgramCopy(file =>
            Path.GetFileName(file) == TorchSharpLibrary ? Packages.LibTorchSharp : file);
        var attempts = AttemptsOf(program);
        Assert.That(attempts, Has.Length.EqualTo(13));
        Assert.That(attempts, Is.All.Contain($": {nameof(DeviceUnavailableException)}: ")
            .And.All.Contain("GLIBCXX_3.4.32").And.All.Contain("PaTWeakenLibstdcxx"));
        Assert.That(program.Entries, Has.None.EqualTo("cpu"),
            "TorchSharp did not copy libtorch in search of another reason");
    }

    [TestCase("0.107.0.0", true)]
    [TestCase("0.108.2.0", true)]
    [TestCase("1.0.0.0", true)]
    [TestCase("0.106.0.0", false)]
    [TestCase("0.102.7.0", false)]
    public void TorchSharp_before_0_107_is_refused(string version, bool accepted)
    {
        var problem = TorchLibrary.ProblemOf(Version.Parse(version));
        if (accepted) Assert.That(problem, Is.Null);
        else Assert.That(problem, Does.Contain(version[..^2]).And.Contain("TorchSharp-cpu 0.107.0"));
    }

    [TestCase("2.88.0.0", true)]
    [TestCase("3.116.0.0", false)]
    [TestCase("4.0.0.0", false)]
    public void SkiaSharp_from_3_on_is_refused(string version, bool accepted)
    {
        var problem = SkiaSharpVersion.ProblemOf(Version.Parse(version));
        if (accepted) Assert.That(problem, Is.Null);
        else Assert.That(problem, Does.Contain($"SkiaSharp {version[..^4]}").And.Contain("SkiaSharp 2.88.9"));
    }

    [Test]
    public void What_is_here_is_accepted()
    {
        Assert.That(TorchLibrary.Require, Throws.Nothing);
        Assert.That(SkiaSharpVersion.Require, Throws.Nothing);
    }

    private static string[] AttemptsOf(ProgramCopy program)
    {
        using var folder = new TemporaryFolder();
        LibtorchProcess.WriteFiles(folder.Name);
        return
        [
            .. program.Run("libtorch", folder.Name)
                .Where(l => l.StartsWith(LibtorchProcess.Mark, StringComparison.Ordinal))
                .Select(l => l[LibtorchProcess.Mark.Length..]),
        ];
    }

    private static void RequireLinux()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Takes native libraries away by their names on Linux.");
    }
}
