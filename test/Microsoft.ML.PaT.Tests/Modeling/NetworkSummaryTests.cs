using System.Text.Json;
using Microsoft.ML.PaT.Modeling;

namespace Microsoft.ML.PaT.Tests;

public class NetworkSummaryTests
{
    [TestCaseSource(typeof(Networks), nameof(Networks.Names))]
    public void Layers_add_up_to_the_network(string name)
    {
        var architecture = Networks.ByName(name);
        var definition = architecture.Build(architecture.StandardInput, architecture.StandardClasses);
        var summary = NetworkSummary.Of(definition);
        Assert.That(summary.Layers.Sum(l => l.Parameters), Is.EqualTo(summary.Parameters));
        Assert.That(summary.Layers.Sum(l => l.Macs), Is.EqualTo(summary.Macs));
        Assert.That(summary.Layers.Select(l => l.Name), Is.EqualTo(definition.Layers.Select(l => l.Name)));
    }

    [Test]
    public void Is_one_line_of_JSON_with_the_documented_names()
    {
        var json = NetworkSummary.Of(Networks.ByName("mobilenet_v1").Build(new(3, 224, 224), 1000)).ToJson();
        Assert.That(json, Does.Not.Contain('\n'));
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.That(
            root.EnumerateObject().Select(p => p.Name),
            Is.EqualTo(new[] { "network", "parameters", "macs", "layers" }));
        var depthwise = root.GetProperty("layers")
            .EnumerateArray()
            .First(l => l.GetProperty("groups") is { ValueKind: JsonValueKind.Number } g && g.GetInt32() == 32);
        Assert.That(
            depthwise.EnumerateObject().Select(p => p.Name),
            Is.EqualTo(new[] { "name", "kind", "in", "out", "kernel", "groups", "parameters", "macs", "fused" }));
        Assert.That(depthwise.GetProperty("parameters").GetInt64(), Is.EqualTo(32 * 9));
        Assert.That(depthwise.GetProperty("macs").GetInt64(), Is.EqualTo(32 * 9 * 112 * 112));
    }
}
