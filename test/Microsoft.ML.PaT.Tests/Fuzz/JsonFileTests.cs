using System.Text;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Channels;

namespace Microsoft.ML.PaT.Tests.Fuzz;

/// <summary>The JSON files that the library reads, from editors and programs of all kinds, and damaged.</summary>
public sealed class JsonFileTests
{
    private static readonly Encoding[] s_encodings =
    [
        new UTF8Encoding(false),
        new UTF8Encoding(true),
        Encoding.Unicode,
        new UnicodeEncoding(false, false),
        Encoding.BigEndianUnicode,
        new UnicodeEncoding(true, false),
    ];

    private static readonly string[] s_kinds = ["widths", "plan", "report", "network", "recipe"];

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Encodings_of_unicode_are_read(
        [ValueSource(nameof(s_kinds))] string kind, [ValueSource(nameof(s_encodings))] Encoding encoding)
    {
        var expected = Read(kind, Write(Whole(kind), new UTF8Encoding(false)));
        Assert.That(Read(kind, Write(Whole(kind), encoding)), Is.EqualTo(expected));
    }

    [Test]
    public void An_error_is_named_with_file_and_line([ValueSource(nameof(s_kinds))] string kind)
    {
        var text = "\n\n" + Whole(kind)[..^2];
        var file = Write(text, new UTF8Encoding(false));
        var lines = text.Split('\n').Length;
        var thrown = Assert.Catch<PaTException>(() => Read(kind, file));
        Assert.That(thrown!.Message, Does.Match($"line [{lines - 1}{lines}]").And.Not.Contain("BytePositionInLine"));
        Assert.That(thrown.Message, Does.Contain(file));
    }

    [Test]
    public void Damaged_files_are_refused_or_read([ValueSource(nameof(s_kinds))] string kind) => Damage(kind, 100);

    [Test, Category("Long")]
    public void Many_damaged_files_are_refused_or_read([ValueSource(nameof(s_kinds))] string kind) =>
        Damage(kind, 2500);

    private void Damage(string kind, int count)
    {
        var whole = Encoding.UTF8.GetBytes(Whole(kind));
        var file = Path.Combine(_folder.Name, "damaged.json");
        for (var seed = 0; seed < count; seed++)
        {
            var bytes = seed % 2 == 0 ? Mutations.Of(whole, seed) : TinyArchives.SpoilJson(whole, new Random(seed));
            File.WriteAllBytes(file, bytes);
            try
            {
                Read(kind, file);
            }
            catch (PaTException)
            {
                // It is refused by name.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
    }

    private string Write(string text, Encoding encoding)
    {
        var file = Path.Combine(_folder.Name, "file.json");
        File.WriteAllText(file, text, encoding);
        return file;
    }

    private string Whole(string kind)
    {
        var file = Path.Combine(_folder.Name, "whole.json");
        switch (kind)
        {
            case "widths": return "{\n  \"conv1\": 8,\n  \"layer1.0.conv1\": 8\n}";
            case "report":
                TinyClassifiers.Report().WriteJson(file);
                return File.ReadAllText(file);
            case "network": return TinyNetworks.ResNet8().ToJson();
            case "recipe": return TinyRun.Everything.ToJson();
            default:
                NetworkWidths
                    .PlanOf(ChannelGroups.Of(TinyNetworks.ResNet8()), new Dictionary<string, int> { ["conv1"] = 8 })
                    .For(ChannelGroups.Of(TinyNetworks.ResNet8()))
                    .Save(file);
                return File.ReadAllText(file);
        }
    }

    private static string Read(string kind, string file) => kind switch
    {
        "widths" => string.Join(',', PruningPlan.LoadWidths(file)),
        "report" => string.Join(',', RunReport.ReadJson(file).Classes),
        "network" => NetworkDefinition.Load(file).ToJson(),
        "recipe" => TrainingRecipe.Read(file).ToJson(),
        _ => string.Join(',', PruningPlan.Load(file).Kept.Select(k => $"{k.Key}:{k.Value.Count()}")),
    };
}
