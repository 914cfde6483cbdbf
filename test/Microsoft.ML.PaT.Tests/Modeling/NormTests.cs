using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Pruning;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class NormTests
{
    private const int Channels = 6, Pixels = 4;
    private const double Epsilon = 0.1;

    private static readonly string[] s_one = ["a"];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(6)]
    public void A_group_norm_goes_over_the_pixels_of_a_part(int groups) =>
        Check(new GroupNormLayer("x", s_one, Channels, groups, Epsilon), (channel, _) =>
            Enumerable.Range(channel / (Channels / groups) * (Channels / groups), Channels / groups)
                .SelectMany(c => Enumerable.Range(c * Pixels, Pixels)));

    [Test]
    public void A_layer_norm_goes_over_the_channels_of_a_pixel() =>
        Check(new LayerNormLayer("x", s_one, Channels, Epsilon), (_, pixel) =>
            Enumerable.Range(0, Channels).Select(c => c * Pixels + pixel));

    [Test]
    public void Channels_of_the_parts_of_a_group_norm_go_together()
    {
        Assert.That(Group(2).Width, Is.EqualTo(3));
        Assert.That(Group(2).Multiplicity, Is.EqualTo(2));
        Assert.That(Group(6).Width, Is.EqualTo(6), "with a part for each channel every one is on its own");

        static ChannelGroup Group(int groups)
        {
            var builder = new NetworkBuilder("normed", new(3, 8, 8));
            var x = builder.GroupNorm(
                "norm", builder.Convolution("conv", NetworkDefinition.InputName, Channels, kernel: 3), groups);
            builder.Linear("fc", builder.GlobalAveragePool("pool", x), 3);
            return ChannelGroups.Of(builder.Build()).Groups.Single();
        }
    }

    [Test]
    public void A_scale_multiplies_channels()
    {
        using var scope = torch.NewDisposeScope();
        var output = new ScaleLayer("x", s_one, 2).Forward(
            Context(
                torch.tensor(new double[] { 1, 2, 3, 4 }).view(1, 2, 1, 2),
                ("x", torch.tensor(new double[] { 10, 100 }).view(2, 1, 1))));
        Assert.That(output.view(-1).data<double>().ToArray(), Is.EqualTo(new double[] { 10, 20, 300, 400 }));
    }

    /// <summary>Checks a norm against its formula, over all channels and over the channels of a mask.</summary>
    private static void Check(Layer layer, Func<int, int, IEnumerable<int>> over)
    {
        using var scope = torch.NewDisposeScope();
        var random = new Random(1);
        double[] x = [.. Enumerable.Range(0, Channels * Pixels).Select(_ => random.NextDouble())],
            scale = [.. x.Take(Channels).Select(v => v + 1)],
            shift = [.. x.Skip(Channels).Take(Channels)];
        var input = torch.tensor(x).view(1, Channels, 2, 2);
        // Removes the last channel of every group of two or three.
        int[] mask = [1, 0, 1, 1, 0, 1];
        if (layer is GroupNormLayer { Groups: 2 }) mask = [1, 1, 0, 1, 1, 0];
        if (layer is GroupNormLayer { Groups: 3 }) mask = [1, 0, 1, 0, 1, 0];
        foreach (var kept in new[] { null, mask })
        {
            var factors =
                kept is null ? null : torch.tensor(Array.ConvertAll(kept, k => (double)k)).view(1, Channels, 1, 1);
            var output = layer.Forward(
                new(
                    [input],
                    new Dictionary<string, torch.Tensor>
                    {
                        ["x.weight"] = torch.tensor(scale),
                        ["x.bias"] = torch.tensor(shift),
                    },
                    training: false,
                    inPlace: false,
                    noise: null,
                    factors));
            var actual = output.contiguous().view(-1).data<double>().ToArray();
            for (var i = 0; i < x.Length; i++)
            {
                if (kept?[i / Pixels] == 0) continue;
                var values =
                    over(i / Pixels, i % Pixels).Where(j => kept?[j / Pixels] != 0).Select(j => x[j]).ToArray();
                var mean = values.Average();
                var expected =
                    (x[i] - mean)
                        / Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + Epsilon)
                        * scale[i / Pixels]
                    + shift[i / Pixels];
                Assert.That(actual[i], Is.EqualTo(expected).Within(1e-12));
            }
        }
    }

    private static LayerContext Context(torch.Tensor input, params (string Name, torch.Tensor Value)[] tensors) =>
        new([input], tensors.ToDictionary(t => t.Name, t => t.Value), training: false, inPlace: false, noise: null);
}
