using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.ML.PaT.Reporting;

namespace Microsoft.ML.PaT.Tests;

public partial class HtmlReportTests
{
    private static XElement Parse(string html)
    {
        using var reader =
            XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    private static XElement Page(RunReport report, RunReport? reference = null) =>
        Parse(HtmlReport.ToHtml(report, reference));

    private static string Text(XElement page, string heading) =>
        page.Descendants("section").Single(section => section.Element("h2")!.Value == heading).Value;

    [Test]
    public void The_page_needs_nothing_from_elsewhere()
    {
        var page = Page(Reports.Pruned(), Reports.NeverPruned());
        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("script"), Is.Empty);
            Assert.That(page.Descendants("link"), Is.Empty);
            Assert.That(page.Descendants().Attributes("href"), Is.Empty);
            Assert.That(
                page.Descendants().Attributes("src").Select(a => a.Value),
                Is.Not.Empty.And.All.StartsWith("data:image/png;base64,"));
            Assert.That(
                (string?)
                    page.Descendants("meta").Single(m => m.Attribute("http-equiv") is not null).Attribute("content"),
                Does.StartWith("default-src 'none'"));
            Assert.That(page.Descendants("style").Single().Value, Does.Not.Contain("url(").And.Not.Contain("@import"));
        });
    }

    [Test]
    public void The_guide_names_the_sections_of_the_page_in_their_order()
    {
        var guide = File.ReadAllText(Repository.File("docs", "guide", "read-the-report.md"));
        Assert.That(
            NamedSection().Matches(guide).Select(name => name.Groups[1].Value),
            Is.EqualTo(Page(Reports.Pruned()).Descendants("h2").Select(heading => heading.Value)));
    }

    [Test]
    public void Images_are_counted_by_their_use() =>
        Assert.That(
            Text(Page(Reports.Pruned()), "Images"), Does.Contain("900 for training, 100 for validation, 1 skipped"));

    [Test]
    public void It_begins_with_when_and_why_it_pruned() =>
        Assert.That(
            Text(Page(Reports.Pruned()), "When and why it pruned"),
            Does.Contain("68,786 parameters in epoch 1 (from 0): EPI 0.969 reached the threshold 0.920."));

    [Test]
    public void It_tells_the_run_and_the_reference_apart()
    {
        var result = Text(Page(Reports.Pruned(), Reports.NeverPruned() with { Test = new(0.9, 200) }), "Result");
        Assert.That(
            result,
            Does.Contain("272,474")
                .And.Contain("68,786")
                .And.Contain("90.0%")
                .And.Contain("87.5%")
                .And.Contain("−2.5 points")
                .And.Contain("2.00×"));
    }

    [Test]
    public void Without_a_reference_dense_claims_no_accuracy()
    {
        var rows = Page(Reports.Pruned()).Descendants("table").First().Descendants("tr").ToList();
        var accuracy =
            rows.Single(row => row.Element("th")?.Value == "Test accuracy").Elements("td").Select(cell => cell.Value);
        Assert.That(accuracy, Is.EqualTo(new[] { "–", "87.5%", "–" }));
    }

    [Test]
    public void Latency_names_the_batch_that_was_timed()
    {
        Assert.That(Text(Page(Reports.Pruned()), "Result"), Does.Contain("Latency, one image"));
        Assert.That(Text(Page(Of(new() { LatencyBatch = 32 })), "Result"), Does.Contain("Latency, 32 images"));
        var never = Of(new() { LatencyBatch = 32, Policy = PruningPolicy.Never }, Reports.NeverPruned());
        Assert.That(Text(Page(never), "Result"), Does.Contain("Latency, 32 images").And.Not.Contain("Latency, one"));
    }

    [Test]
    public void A_run_that_was_trained_to_its_end_before_pruning_is_not_said_to_be_unfinished()
    {
        var after = new PruningOptions { Policy = PruningPolicy.AfterTraining, Retraining = new() { Epochs = 2 } };
        Assert.That(
            Text(Page(Of(after)), "Result"),
            Does.Contain("Dense is the network before pruning; it was not tested").And.Not.Contain("trained to"));
    }

    [Test]
    public void A_reference_of_other_epochs_is_named_with_both_numbers()
    {
        var (report, dense) = (Reports.Pruned(), Reports.NeverPruned());
        Assert.That(Text(Page(report, dense), "Result"), Does.Contain("with the same images, seed and epochs, never"));
        var page = Page(report, dense with { Epochs = [.. dense.Epochs.Take(2)] });
        Assert.That(
            Text(page, "Result"),
            Does.Contain("with the same images and seed, of 2 epochs (the pruned run has 3), never pruned"));
        Assert.That(page.Value, Does.Contain("Multiply-accumulates, MAC-epochs21.75"), "2 epochs of the reference");
    }

    [Test]
    public void The_line_below_the_title_names_only_options_with_an_effect()
    {
        Assert.That(Below(new()), Does.Contain("criterion taylor · target 50.0% of the channels · seed 1"));
        Assert.That(Below(new() { Policy = PruningPolicy.Never }), Does.Contain("policy never · seed 1"));
        var plan = new PruningPlan(new Dictionary<string, int[]> { ["conv1"] = [0, 1] });
        Assert.That(Below(new() { Plan = plan }), Does.Contain("policy epi · channels of a given plan · seed 1"));
        var widths = new Dictionary<string, int> { ["conv1"] = 8 };
        Assert.That(Below(new() { Widths = widths }), Does.Contain("criterion taylor · given widths · seed 1"));

        static string Below(PruningOptions pruning) =>
            Page(Of(pruning)).Descendants("p").First(p => p.Value.Contains("classes · policy")).Value;
    }

    /// <summary>A report of a run with such options.</summary>
    private static RunReport Of(PruningOptions pruning, RunReport? report = null) => (report ?? Reports.Pruned()) with
    {
        Recipe = new TrainingRecipe { Network = Networks.ResNet20, Seed = 1, Pruning = pruning }.ToJson(),
    };

    [Test]
    public void It_shows_what_is_taken_for_what_and_how_fast()
    {
        var page = Page(Reports.Pruned());
        var tables = page.Descendants("table")
            .ToDictionary(
                t => t.Element("caption")!.Value,
                t =>
                    t.Descendants("tr")
                        .Skip(1)
                        .Select(row => string.Join(' ', row.Elements().Select(e => e.Value)))
                        .ToList());
        Assert.That(tables["Class by class"], Is.EqualTo(new[] { "circle 100 90.0% 85.7%", "square 100 85.0% 89.5%" }));
        Assert.That(
            tables.Single(t => t.Key.StartsWith("Confusion", StringComparison.Ordinal)).Value,
            Is.EqualTo(new[] { "circle 90 10", "square 15 85" }));
        Assert.That(
            tables.Single(t => t.Key.StartsWith("Median", StringComparison.Ordinal)).Value,
            Is.EqualTo(new[] { "1 4.25 ms 2.50 ms 1.70× 2.75 ms", "32 60.0 ms 30.0 ms 2.00× –" }));
        // Three epochs; the one dense epoch took 2 s, the whole loop 5.5 s.
        var ledger = tables.Single(t => t.Key.Contains("MAC-epoch", StringComparison.Ordinal)).Value;
        Assert.That(
            new[] { ledger[0], ledger[^1] },
            Is.EqualTo(new[] { "Training loop 6.0 s 5.5 s −8%", "Multiply-accumulates, MAC-epochs 3 1.75 −42%" }));
        Assert.That(
            ledger.SkipLast(1).TakeLast(4),
            Is.EqualTo(new[]
            {
                "Reading images – 0.3 s –", "Evaluation – 1.0 s –", "Measuring latency – 0.8 s –", "The rest – 0.5 s –",
            }));
        Assert.That((string?)page.Descendants("img").Single().Attribute("alt"), Is.EqualTo("circle, predicted square"));
    }

    [Test]
    public void Most_frequent_confusions_of_many_classes_are_shown()
    {
        string[] names = [.. Enumerable.Range(0, 30).Select(c => $"class {c}")];
        var matrix = names.Select(
                (_, truth) =>
                    names.Select(
                            (_, predicted) =>
                                truth == predicted ? 10
                                : truth == 3 && predicted == 4 ? 5
                                : 0)
                        .ToArray())
            .ToList();
        var report = Reports.Pruned() with
        {
            Classes = names,
            Classification = new("test", 305, 1, [.. names.Select(_ => new ClassReport(10, 10, 10))], matrix),
        };
        var text = Text(Page(report), "Classes");
        Assert.That(text, Does.Contain("All 30 classes").And.Contain("class 3class 4533.3%"));
    }

    [Test]
    public void A_run_that_never_pruned_has_a_page()
    {
        var page = Page(Reports.NeverPruned());
        Assert.Multiple(() =>
        {
            Assert.That(page.Value, Does.Contain("No channel was removed"));
            Assert.That(page.Descendants("h2").Select(h => h.Value), Does.Not.Contain("Observations of the policy"));
        });
    }

    [Test]
    public void A_run_stopped_before_its_first_epoch_has_a_page()
    {
        var report = Reports.NeverPruned() with
        {
            Epochs = [],
            Test = null,
            Stopped = true,
            Seconds = new(0, 0, 0, 0, 0),
            Widths = new Dictionary<string, int[]>(),
        };
        Assert.That(Page(report).Value, Does.Contain("stopped before its last epoch"));
    }

    [Test]
    public void Names_cannot_break_out()
    {
        const string Hostile = "</title><script>alert('x')</script>&amp;\"\u0001\uD800😀";
        var report = Reports.Pruned(Hostile) with
        {
            Dataset = Hostile,
            Recipe = new JsonObject
            {
                ["pruning"] = new JsonObject
                {
                    ["policy"] = new JsonObject { ["code"] = Hostile },
                    ["criterion"] = Hostile,
                },
            }.ToJsonString(),
            PruneReason = Hostile,
            Machine = Hostile,
            Images = new(1, 1, [Hostile], 1),
            Widths = new Dictionary<string, int[]> { [Hostile] = [2, 1] },
            Observations = [new(1, [1], 1, 1, 1, true, Hostile)],
            Classes = [Hostile, "b"],
            Classification = new(
                Hostile,
                2,
                1,
                [new(1, 1, 0), new(1, 1, 0)],
                [
                    [0, 1],
                    [1, 0],
                ])
            {
                Worst = [new(Hostile, Hostile, "b", 0, 1, 1, Hostile)],
            },
        };
        var html = HtmlReport.ToHtml(report);
        Assert.Multiple(() =>
        {
            Assert.That(html, Does.Not.Contain("<script"));
            Assert.That(
                Parse(html).Descendants("img").Attributes().Select(a => a.Name.LocalName),
                Is.EqualTo(new[] { "src", "alt" }));
            Assert.That(
                Text(Parse(html), "Classes"), Does.Contain("</title><script>alert('x')</script>&amp;\"\uFFFD\uFFFD😀"));
            Assert.That(
                Parse(html).Descendants("code").Single().Value,
                Is.EqualTo("</title><script>alert('x')</script>&amp;\"\uFFFD\uFFFD😀"));
        });
    }

    [Test]
    public void Values_that_are_not_finite_are_left_out_of_the_curves()
    {
        var report = Reports.Pruned();
        report = report with
        {
            Epochs =
            [
                .. report.Epochs,
                report.Epochs[2] with { Epoch = 3, TrainLoss = double.NaN, ImagesPerSecond = double.PositiveInfinity },
            ],
        };
        var coordinates = Page(report).Descendants("polyline").Attributes("points").Select(points => points.Value);
        Assert.That(coordinates, Has.All.Match("^[-0-9., ]+$"));
    }

    [Test]
    public void Every_figure_is_described_and_every_column_has_a_heading()
    {
        var page = Page(Reports.Pruned(), Reports.NeverPruned());
        Assert.Multiple(() =>
        {
            Assert.That(
                page.Descendants("svg").Select(svg => (string?)svg.Attribute("aria-label")),
                Has.None.Null.And.None.Empty);
            Assert.That(page.Descendants("th").Attributes("scope").Count(), Is.EqualTo(page.Descendants("th").Count()));
            Assert.That(
                page.Descendants("table").Elements("caption").Count(), Is.EqualTo(page.Descendants("table").Count()));
            // HTML parses <td/> as an open tag.
            Assert.That(
                page.Descendants().Where(e => e.IsEmpty).Select(e => e.Name.LocalName).Distinct(),
                Is.SubsetOf(new[] { "meta", "line", "rect", "polyline", "img" }));
        });
    }

    [Test]
    public void Writing_replaces_the_file()
    {
        var folder = Directory.CreateTempSubdirectory("pat-report").FullName;
        try
        {
            var path = Path.Combine(folder, "report.html");
            File.WriteAllText(path, "old");
            HtmlReport.Write(Reports.Pruned(), path);
            Assert.That(File.ReadAllText(path), Is.EqualTo(HtmlReport.ToHtml(Reports.Pruned())));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"^\d+\. \*\*([^*]+)\*\*", RegexOptions.Multiline)]
    private static partial Regex NamedSection();
}
