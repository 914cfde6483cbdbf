using System.Text.Json;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Tests;

public class RunReportJsonTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pat-report").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private string File(string name) => Path.Combine(_folder, name);

    [Test]
    public void What_is_written_is_read_again()
    {
        var path = File("report.json");
        Reports.Pruned().WriteJson(path);
        var read = RunReport.ReadJson(path);
        Assert.Multiple(() =>
        {
            Assert.That(Reports.Json(read), Is.EqualTo(Reports.Json(Reports.Pruned())));
            Assert.That(read.Epochs, Is.EqualTo(Reports.Pruned().Epochs));
            Assert.That(read.Compact, Is.EqualTo(Reports.Pruned().Compact));
            Assert.That(read.Widths["layer1.0.conv1"], Is.EqualTo(new[] { 16, 4 }));
            Assert.That(read.Observations[1].Counts, Is.EqualTo(new[] { 8, 4 }));
        });
    }

    // Other programs read these names: changing one is a new version of the format.
    [TestCase(
        "",
        "version network dataset classes recipe weighted batchGrowth memoryFormat images epochs pruneEpoch "
            + "pruneReason retraining dense compact predictedLatencyMs predictedTrainingTime latencies macEpochs "
            + "classification test seconds widths observations stopped machine")]
    [TestCase("recipe", "schemaVersion network images training pruning seed")]
    [TestCase("images", "training validation unreadable unreadableCount")]
    [TestCase("epochs", "epoch phase trainLoss accuracy seconds imagesPerSecond learningRate epi")]
    [TestCase("dense", "parameters macs latencyMs")]
    [TestCase("compact", "parameters macs latencyMs")]
    [TestCase("latencies", "batch denseMs compactMs predictedMs")]
    [TestCase("classification", "set count loss classes confusion worst")]
    [TestCase("classification.classes", "images predicted correct")]
    [TestCase("classification.worst", "name label predicted probability confidence loss png")]
    [TestCase("test", "accuracy count")]
    [TestCase("seconds", "total dense pruning compact indicator reading evaluation latency checkpoints")]
    [TestCase("observations", "at counts psi epi tau decision reason churn kept")]
    public void Field_names_are_stable(string field, string expected)
    {
        using var json = JsonDocument.Parse(Reports.Json(Reports.Pruned()));
        var element =
            field.Length == 0
                ? json.RootElement
                : field.Split('.').Aggregate(json.RootElement, (parent, name) => parent.GetProperty(name));
        if (element.ValueKind == JsonValueKind.Array)
        {
            element = element[0];
        }
        Assert.That(
            string.Join(' ', element.EnumerateObject().Select(property => property.Name)), Is.EqualTo(expected));
    }

    [Test]
    public void A_report_from_before_a_field_existed_is_read()
    {
        var old = System.Text.Json.Nodes.JsonNode.Parse(Reports.Json(Reports.Pruned()))!.AsObject();
        string[] fields =
            ["latencies", "macEpochs", "classification", "weighted", "batchGrowth", "memoryFormat", "retraining"];
        foreach (var later in fields)
            Assert.That(old.Remove(later), Is.True);
        foreach (var later in new[] { "reading", "evaluation", "latency", "checkpoints" })
            Assert.That(old["seconds"]!.AsObject().Remove(later), Is.True);
        var read = Reports.FromJson(old.ToJsonString());
        Assert.That(
            (read.Latencies.Count, read.MacEpochs, read.Classification),
            Is.EqualTo((0, (double?)null, (ClassificationReport?)null)));
        Assert.That(HtmlReport.ToHtml(read), Does.EndWith("</html>\n"));
    }

    [Test]
    public void Phases_are_lower_case()
    {
        using var json = JsonDocument.Parse(Reports.Json(Reports.Pruned()));
        var phases = json.RootElement.GetProperty("epochs")
            .EnumerateArray()
            .Select(epoch => epoch.GetProperty("phase").GetString());
        Assert.That(phases, Is.EqualTo(new[] { "dense", "pruning", "compact" }));
    }

    [Test]
    public void Without_a_cut_compact_and_pruneEpoch_are_null()
    {
        using var json = JsonDocument.Parse(Reports.Json(Reports.NeverPruned()));
        Assert.Multiple(() =>
        {
            Assert.That(json.RootElement.GetProperty("compact").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(json.RootElement.GetProperty("pruneEpoch").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(Reports.FromJson(json.RootElement.GetRawText()).Compact, Is.Null);
        });
    }

    [Test]
    public void A_loss_that_is_not_finite_keeps_the_report_readable()
    {
        var report = Reports.Pruned();
        report = report with { Epochs = [report.Epochs[0] with { TrainLoss = double.NaN }] };
        Assert.That(Reports.FromJson(Reports.Json(report)).Epochs[0].TrainLoss, Is.NaN);
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[1, 2]")]
    [TestCase("{ \"network\": ")]
    public void What_is_no_report_is_refused_with_its_name(string content)
    {
        var path = File("report.json");
        System.IO.File.WriteAllText(path, content);
        var error = Assert.Throws<InvalidFileException>(() => RunReport.ReadJson(path));
        Assert.That(error!.Message, Does.Contain(path));
    }

    [Test]
    public void A_missing_field_is_named()
    {
        var json = Reports.Json(Reports.Pruned()).Replace("\"network\"", "\"netwrok\"", StringComparison.Ordinal);
        var error = Assert.Throws<InvalidFileException>(() => Reports.FromJson(json));
        Assert.That(error!.Message, Does.Contain("network"));
    }

    [TestCase(0)]
    [TestCase(2)]
    public void Another_version_is_refused(int version)
    {
        var json = Reports.Json(Reports.Pruned() with { Version = version });
        var error = Assert.Throws<InvalidFileException>(() => Reports.FromJson(json));
        Assert.That(error!.Message, Does.Contain($"version {version}"));
    }

    [Test]
    public void A_second_writer_fails_and_leaves_the_file_of_the_first()
    {
        var path = File("report.json");
        AtomicFile.Write(path, first =>
        {
            first.WriteByte(1);
            Assert.Throws<IOException>(() => AtomicFile.Write(path, second => second.WriteByte(2)));
        });
        Assert.That(System.IO.File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public void A_failed_write_leaves_the_old_file()
    {
        var path = File("report.json");
        System.IO.File.WriteAllText(path, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(path, file =>
        {
            file.WriteByte(1);
            throw new IOException("disk full");
        }));
        Assert.Multiple(() =>
        {
            Assert.That(System.IO.File.ReadAllText(path), Is.EqualTo("old"));
            Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
        });
    }
}
