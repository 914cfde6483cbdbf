using System.Text.Json.Nodes;
using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Tests;

public class PruningPlanTests
{
    private static readonly ChannelGroups s_groups = ChannelGroups.Of(TinyNetworks.ResNet8());

    [Test]
    public void A_plan_survives_its_file([Range(1, 20)] int seed)
    {
        var groups = ChannelGroups.Of(RandomNetwork.Build(seed));
        var plan = TinyNetworks.RandomPlan(groups, seed).For(groups);
        using var file = new TemporaryFile();
        plan.Save(file.Path);
        var read = PruningPlan.Load(file.Path).For(groups);
        Assert.That(read.Kept, Is.EquivalentTo(plan.Kept));
        Assert.That((read.Network, read.Input), Is.EqualTo((plan.Network, plan.Input)));
        Assert.That(
            new ChannelPruner(groups, read).Definition.ToJson(),
            Is.EqualTo(new ChannelPruner(groups, plan).Definition.ToJson()));
        foreach (var (layer, width) in read.Widths)
        {
            Assert.That(
                new ChannelPruner(groups, read).Definition.OutputShape(layer).Channels, Is.EqualTo(width), layer);
        }
    }

    [Test]
    public void Two_plans_in_a_row_are_one([Range(1, 40)] int seed)
    {
        var dense = RandomNetwork.Build(seed);
        var groups = ChannelGroups.Of(dense);
        var first = TinyNetworks.RandomPlan(groups, seed);
        var between = new ChannelPruner(groups, first).Definition;
        var thenGroups = ChannelGroups.Of(between);
        var then = TinyNetworks.RandomPlan(thenGroups, seed + 100);
        var twice = new ChannelPruner(thenGroups, then).Definition;
        if (first.Then(groups, then, thenGroups) is { } both)
            Assert.That(new ChannelPruner(groups, both).Definition.ToJson(), Is.EqualTo(twice.ToJson()));
    }

    [Test]
    public void A_plan_for_nobody_cannot_be_saved() =>
        Assert.That(() => TinyNetworks.RandomPlan(s_groups, 1).Save("never"), Throws.InvalidOperationException);

    private static IEnumerable<TestCaseData> Misfits()
    {
        yield return Case("does not have group 'conv1'", kept => kept.Remove("conv1"));
        yield return Case("group 'conv1'", kept => kept["conv1"] = []);
        yield return Case("group 'conv1'", kept => kept["conv1"] = [0, 16]);
        yield return Case("group 'conv1'", kept => kept["conv1"] = [-1, 3]);
        yield return Case("group 'conv1'", kept => kept["conv1"] = [3, 3]);
        yield return Case("group 'conv1'", kept => kept["conv1"] = [4, 3]);
        yield return Case("group 'conv9'", kept => kept["conv9"] = [0]);

        static TestCaseData Case(string message, Action<Dictionary<string, int[]>> change) =>
            new TestCaseData(message, change).SetArgDisplayNames(message);
    }

    [TestCaseSource(nameof(Misfits))]
    public void What_does_not_fit_is_refused_and_the_group_named(
        string message, Action<Dictionary<string, int[]>> change)
    {
        var kept = TinyNetworks.RandomPlan(s_groups, 2).Kept.ToDictionary();
        change(kept);
        Assert.That(
            () => new PruningPlan(kept).For(s_groups),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(message));
    }

    [Test]
    public void A_plan_for_another_network_is_refused()
    {
        var plan = TinyNetworks.RandomPlan(s_groups, 3).For(s_groups);
        var other = ChannelGroups.Of(Networks.ByName("resnet14").Build(new(3, 8, 8), 3));
        Assert.That(
            () => plan.For(other),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("resnet8").And.Message.Contains("resnet14"));
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("\"plan\"")]
    [TestCase("")]
    [TestCase("{\"version\":1}")]
    [TestCase("[[[[[[[[[[[[[[[[[[[[")]
    public void What_is_no_plan_is_refused(string text)
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, text);
        Assert.That(
            () => PruningPlan.Load(file.Path), Throws.TypeOf<InvalidFileException>().With.Message.Contains(file.Path));
    }

    [TestCase("version", "2")]
    [TestCase("version", "\"1\"")]
    [TestCase("network", "null")]
    [TestCase("input", "\"3x8x8\"")]
    [TestCase("groups", "[1]")]
    [TestCase("groups", "{\"conv1\": null}")]
    [TestCase("groups", "{\"conv1\": [0.5]}")]
    [TestCase("groups", "{\"conv1\": [99999999999]}")]
    [TestCase("groups", "{\"conv1\": [0], \"conv1\": [1]}")]
    [TestCase("widths", "{\"conv1\": \"8\"}")]
    [TestCase("more", "1")]
    public void A_plan_with_a_wrong_part_is_refused(string part, string value)
    {
        using var file = new TemporaryFile();
        TinyNetworks.RandomPlan(s_groups, 4).For(s_groups).Save(file.Path);
        var text = File.ReadAllText(file.Path);
        var json = JsonNode.Parse(text)!.AsObject();
        json.Remove(part);
        File.WriteAllText(file.Path, json.ToJsonString()[..^1] + $",\"{part}\":{value}}}");
        Assert.That(
            () => PruningPlan.Load(file.Path), Throws.TypeOf<InvalidFileException>().With.Message.Contains(file.Path));
    }

    private static readonly string[] s_causes =
        [ErrorCodes.PlanInvalid, ErrorCodes.PlanMismatch, ErrorCodes.VersionUnsupported];

    [Test]
    public void A_damaged_file_is_refused_or_reads_as_a_plan_that_is_checked([Range(1, 5)] int part)
    {
        var random = new Random(part);
        using var file = new TemporaryFile();
        TinyNetworks.RandomPlan(s_groups, 5).For(s_groups).Save(file.Path);
        var sound = File.ReadAllBytes(file.Path);
        for (var i = 0; i < 100; i++)
        {
            var damaged = sound.AsSpan(0, random.Next(3) == 0 ? random.Next(sound.Length) : sound.Length).ToArray();
            for (var k = random.Next(4); k > 0 && damaged.Length > 0; k--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(file.Path, damaged);
            try
            {
                _ = new ChannelPruner(s_groups, PruningPlan.Load(file.Path).For(s_groups));
            }
            catch (PaTException e) when (s_causes.Contains(e.Code))
            {
                // Named: that is all that is asked for.
            }
        }
    }

    [Test]
    public void A_huge_file_is_refused_before_it_is_read()
    {
        using var file = new TemporaryFile();
        using (var stream = File.OpenWrite(file.Path)) stream.SetLength(1L << 30);
        Assert.That(
            () => PruningPlan.Load(file.Path), Throws.TypeOf<InvalidFileException>().With.Message.Contains("bytes"));
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
