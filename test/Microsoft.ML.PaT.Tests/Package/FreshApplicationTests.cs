using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Tests.Package;

/// <summary>The package as a user takes it: restored into a new application, built, published and run.</summary>
[Category("Long")]
public class FreshApplicationTests
{
    private PackedLibrary _library = null!;
    private FreshApplication _application = null!;

    [OneTimeSetUp]
    public void Pack() => _library = new();

    [SetUp]
    public void Begin() => _application = new(_library);

    [TearDown]
    public void End() => _application.Dispose();

    [OneTimeTearDown]
    public void Clean() => _library.Dispose();

    [Test]
    public void It_trains_saves_and_predicts_whoever_calls_libtorch_first()
    {
        var output = _application.Make("build", "out");
        _application.TrainAndPredict(output);
        _application.TrainAndPredict(output, "--seed");
    }

    [Test]
    public void It_builds_for_one_system_again_without_change_from_scratch_and_after_cleaning()
    {
        string Build(params string[] more) => _application.Make("build", "out", ["-r", System, .. more]);
        var output = Build();
        _application.TrainAndPredict(output);
        if (!OperatingSystem.IsLinux()) return;
        var written = File.GetLastWriteTimeUtc(FreshApplication.LibTorchSharp(output));
        Build();
        Assert.That(File.GetLastWriteTimeUtc(FreshApplication.LibTorchSharp(output)), Is.EqualTo(written));
        Build("--no-incremental");
        _application.TrainAndPredict(output);
        _application.Make("clean", "out", "-r", System);
        Assert.That(File.Exists(Path.Combine(output, "libLibTorchSharp.so")), Is.False);
        Build();
        _application.TrainAndPredict(output);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void It_runs_published(bool forOneSystem)
    {
        string[] arguments = forOneSystem ? ["-r", System, "--self-contained", "false"] : [];
        var output = _application.Make("publish", "out", arguments);
        _application.TrainAndPredict(output);
        if (!Libstdcxx.IsTooOld) return;
        var library = FreshApplication.LibTorchSharp(output);
        Assert.That(File.ResolveLinkTarget(library, returnFinalTarget: false), Is.Null, "a file, not a link");
        Assert.That(Packages.IsWeakened(library));
    }

    [Test]
    public void The_library_can_be_adapted_for_an_older_system_than_that_of_the_build()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("The target adapts a library for Linux, on Linux.");
        var output = _application.Make("publish", "out", "-r", System, "--self-contained", "false",
            "-p:PaTWeakenLibstdcxx=true");
        Assert.That(Packages.IsWeakened(FreshApplication.LibTorchSharp(output)));
        _application.TrainAndPredict(output);
    }

    [Test]
    public void Without_the_target_an_older_system_gives_a_named_error()
    {
        Libstdcxx.RequireOld();
        var output = _application.Make("build", "out", "-r", System, "-p:PaTWeakenLibstdcxx=false");
        Assert.That(File.ReadAllBytes(FreshApplication.LibTorchSharp(output)),
            Is.EqualTo(File.ReadAllBytes(Packages.LibTorchSharp)));
        var (code, printed) = _application.Run(output, "train", "model.zip");
        Assert.That(code, Is.Not.Zero);
        Assert.That(printed, Does.Contain(nameof(DeviceUnavailableException)).And.Contain("GLIBCXX_3.4.32")
            .And.Contain("PaTWeakenLibstdcxx"));
    }

    private static string System =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
}
