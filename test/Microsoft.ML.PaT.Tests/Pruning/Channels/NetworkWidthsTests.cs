using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Tests;

public class NetworkWidthsTests
{
    private static readonly NetworkDefinition s_resnet = TinyNetworks.ResNet8();

    [Test]
    public void What_is_coupled_with_a_named_layer_follows_it_and_nothing_else()
    {
        var narrow = s_resnet.WithWidths(new Dictionary<string, int> { ["layer1.0.conv1"] = 5, ["conv1"] = 12 });
        Assert.That(narrow.OutputShape("layer1.0.conv1").Channels, Is.EqualTo(5));
        Assert.That(narrow.OutputShape("layer1.0.conv2").Channels, Is.EqualTo(12));
        Assert.That(
            narrow.OutputShape("layer2.0.conv1").Channels, Is.EqualTo(s_resnet.OutputShape("layer2.0.conv1").Channels));
    }

    [Test]
    public void No_widths_leave_the_network_as_it_is() =>
        Assert.That(s_resnet.WithWidths(new Dictionary<string, int>()).ToJson(), Is.EqualTo(s_resnet.ToJson()));

    [Test]
    public void A_layer_that_joins_several_groups_shares_its_channels_out_between_them()
    {
        var builder = new NetworkBuilder("joined", new(3, 8, 8));
        var a = builder.Convolution("a", NetworkDefinition.InputName, 8, 3);
        var b = builder.Convolution("b", NetworkDefinition.InputName, 4, 3);
        builder.Linear("fc", builder.GlobalAveragePool("pool", builder.Concatenate("ab", a, b)), 3);
        var network = builder.Build();
        var half = network.WithWidths(new Dictionary<string, int> { ["ab"] = 6 });
        Assert.That((half.OutputShape("a").Channels, half.OutputShape("b").Channels), Is.EqualTo((4, 2)));
        // The named part settles the other.
        var given = network.WithWidths(new Dictionary<string, int> { ["ab"] = 6, ["b"] = 1 });
        Assert.That((given.OutputShape("a").Channels, given.OutputShape("b").Channels), Is.EqualTo((5, 1)));
    }

    [Test]
    public void Every_plan_is_found_again_from_its_widths([Range(1, 60)] int seed)
    {
        var network = RandomNetwork.Build(seed);
        var groups = ChannelGroups.Of(network);
        var cut = new ChannelPruner(groups, TinyNetworks.RandomPlan(groups, seed)).Definition;
        // Layers of one group each; those of several may be shared out in more than one way.
        var single = groups.Groups.Select(g =>
                g.Layers.FirstOrDefault(l => groups.Groups.Count(other => other.Layers.Contains(l)) == 1))
            .OfType<string>()
            .ToList();
        var widths = single.Distinct().ToDictionary(l => l, l => cut.OutputShape(l).Channels);
        var again = network.WithWidths(widths);
        foreach (var layer in single)
            Assert.That(again.OutputShape(layer).Channels, Is.EqualTo(cut.OutputShape(layer).Channels), layer);
    }

    [TestCase("conv1", 0, "'conv1' cannot have 0")]
    [TestCase("conv1", 17, "'conv1' cannot have 17")]
    [TestCase("fc", 2, "'fc' cannot have 2")]
    [TestCase("nothing", 3, "no layer 'nothing'")]
    public void What_cannot_be_is_refused_and_named(string layer, int width, string message) => Assert.That(
            () => s_resnet.WithWidths(new Dictionary<string, int> { [layer] = width }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains(message));

    [Test]
    public void Coupled_layers_of_different_widths_are_refused_and_both_named() =>
        Assert.That(
            () => s_resnet.WithWidths(new Dictionary<string, int> { ["conv1"] = 8, ["layer1.0.conv2"] = 9 }),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains("'layer1.0.conv2' cannot have 9")
                .And.Message.Contains("'conv1'"));

    [TestCase("""{"conv1": 8, "layer1.0.conv1": 4}""")]
    public void Widths_come_from_a_file(string json) =>
        InFile(json, file =>
            Assert.That(
                PruningPlan.LoadWidths(file),
                Is.EqualTo(new Dictionary<string, int> { ["conv1"] = 8, ["layer1.0.conv1"] = 4 })));

    [TestCase("")]
    [TestCase("[1]")]
    [TestCase("{\"conv1\": 1.5}")]
    [TestCase("{\"conv1\": \"8\"}")]
    [TestCase("{\"conv1\": 99999999999}")]
    [TestCase("{\"conv1\": 8, \"conv1\": 8}")]
    [TestCase("{\"conv1\": 8")]
    public void A_file_that_holds_something_else_is_refused(string json) =>
        InFile(json, file =>
            Assert.That(
                () => PruningPlan.LoadWidths(file), Throws.TypeOf<InvalidFileException>().With.Message.Contains(file)));

    private static void InFile(string content, Action<string> act)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, content);
            act(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
