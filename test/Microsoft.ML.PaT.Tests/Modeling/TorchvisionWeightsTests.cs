using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.PaT.Tests;

public class TorchvisionWeightsTests
{
    [TestCaseSource(nameof(Networks))]
    public void The_tensors_have_torchvisions_names_and_shapes(string name, string expected)
    {
        var network = PaT.Networks.ByName(name);
        var lines = network.Build(network.StandardInput, 1000)
            .Parameters.Select(p => $"{p.Name} {string.Join(',', p.Shape)}")
            .Order(StringComparer.Ordinal);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        Assert.That(digest[..16], Is.EqualTo(expected));
    }

    private static IEnumerable<TestCaseData> Networks()
    {
        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "torchvision-weights.json");
        using var golden = JsonDocument.Parse(File.ReadAllText(path));
        foreach (var network in golden.RootElement.EnumerateObject())
            yield return new(network.Name, network.Value.GetProperty("tensors").GetString());
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
