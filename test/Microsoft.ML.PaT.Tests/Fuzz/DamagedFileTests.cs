using System.Diagnostics;
using System.Text;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Damaged files are read or refused by a named exception, within 5 seconds and 1 GB. Archives: ModelArchiveTests.
/// </summary>
public class DamagedFileTests
{
    private const double MostSeconds = 5;
    private const long MostBytes = 1L << 30;

    private static readonly Dictionary<string, Action<byte[]>> s_readers = new()
    {
        ["report"] = bytes => Reports.FromJson(Encoding.UTF8.GetString(bytes)),
        ["definition"] = bytes => NetworkDefinition.FromJson(Encoding.UTF8.GetString(bytes)),
        ["onnx"] = Import,
        ["onnx keras"] = Import,
        ["onnx timm"] = Import,
        ["onnx windows"] = Import,
        ["onnx old"] = Import,
        ["jpg"] = Decode,
        ["png"] = Decode,
        ["bmp"] = Decode,
        ["gif"] = Decode,
        ["webp"] = Decode,
    };

    [Test]
    public void A_corpus_that_stays_the_same([ValueSource(nameof(Kinds))] string kind) =>
        Check(kind, first: 0, count: 100);

    [Test, Category("Long")]
    public void Ten_thousand([ValueSource(nameof(Kinds))] string kind) => Check(kind, first: 1000, count: 10_000);

    [Test]
    public void The_files_are_whole_before_they_are_damaged([ValueSource(nameof(Kinds))] string kind) =>
        Assert.That(() => s_readers[kind](Whole(kind)), Throws.Nothing);

    private static IEnumerable<string> Kinds => s_readers.Keys;

    private static void Check(string kind, int first, int count)
    {
        var whole = Whole(kind);
        using var process = Process.GetCurrentProcess();
        var before = process.PeakWorkingSet64;
        var clock = new Stopwatch();
        var refused = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var damaged = Mutations.Of(whole, seed);
            clock.Restart();
            try
            {
                s_readers[kind](damaged);
            }
            catch (PaTException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
            Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(MostSeconds), $"seed {seed}");
        }
        process.Refresh();
        Assert.That(process.PeakWorkingSet64 - before, Is.LessThan(MostBytes));
        Assert.That(refused, Is.GreaterThan(count / 10), "the damage is worth the name");
    }

    private static byte[] Whole(string kind) => kind switch
    {
        "report" => Encoding.UTF8.GetBytes(Reports.Json(Reports.Pruned())),
        "definition" => Encoding.UTF8.GetBytes(TinyNetworks.ResNet8().ToJson()),
        "onnx" => ExportedNetworks.Of(TinyNetworks.ResNet8()).Model,
        _ when kind.StartsWith("onnx ", StringComparison.Ordinal) => File.ReadAllBytes(Pattern(kind[5..])),
        _ => SampleImages.Of(kind),
    };

    private static string Pattern(string name) =>
        Repository.File("test", "Microsoft.ML.PaT.Tests", "Modeling", "OnnxImport", "files", name + ".onnx");

    private static void Import(byte[] model) =>
        OnnxImporter.Import(OnnxModel.Read(model, "damaged"), "damaged").Dispose();

    private static void Decode(byte[] file) => ImageDecoder.Decode(file, new(3, 8, 8));
}
