using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>A process ends with the code it was asked for, whatever the library does at that moment.</summary>
[Platform("Linux")]
public sealed class ExitTests
{
    private const int Patience = 30_000, SigTerm = 15, Terminated = 128 + SigTerm, Aborted = 128 + 6;
    private readonly TemporaryFolder _folder = new();

    private string Archive => Path.Combine(_folder.Name, "model.pat");

    private string Zip => Path.Combine(_folder.Name, "model.zip");

    [OneTimeSetUp]
    public void Train()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(TinyRows.Encoded(64));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.PaT().ImageClassification(TinyRows.Options))
            .Fit(rows);
        ml.Model.Save(model, rows.Schema, Zip);
        model.LastTransformer.SaveArchive(Archive);
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Exit_code_is_the_one_asked_for(
        [ValueSource(typeof(ExitProgram), nameof(ExitProgram.Works))] string work) =>
        End(work, ExitProgram.Ways[Array.IndexOf(ExitProgram.Works, work) % 3], milliseconds: 30 + 40 * work.Length);

    [Test]
    public void A_signal_ends_training() => End("train", "term", milliseconds: 150);

    [Test, Category("Long")]
    public void Exit_code_is_the_one_asked_for_at_any_moment(
        [ValueSource(typeof(ExitProgram), nameof(ExitProgram.Works))] string work,
        [ValueSource(typeof(ExitProgram), nameof(ExitProgram.Ways))] string way)
    {
        for (var wait = 0; wait < 500; wait += 50) End(work, way, wait);
    }

    private void End(string work, string way, int milliseconds)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", typeof(ExitProgram).Assembly.Location, "exit", work, way, $"{milliseconds}", Archive, Zip])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // A core file for each unhandled exception takes seconds to write.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        Assert.That(process.StandardOutput.ReadLine(), Is.EqualTo("go"), () => errors.Result);
        if (way == "term")
        {
            Thread.Sleep(milliseconds);
            Kill(process.Id, SigTerm);
        }
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail($"{work}, {way} after {milliseconds} ms: still running after {Patience} ms");
        }
        // An unhandled exception ends every .NET process by abort.
        var expected = way switch { "term" => Terminated, "throw" => Aborted, _ => ExitProgram.Code };
        Assert.That(process.ExitCode, Is.EqualTo(expected), $"{work}, {way} after {milliseconds} ms: {errors.Result}");
        Assert.That(
            errors.Result,
            way == "throw" ? Does.Contain("asked for") : Is.Empty,
            $"{work}, {way} after {milliseconds} ms");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
