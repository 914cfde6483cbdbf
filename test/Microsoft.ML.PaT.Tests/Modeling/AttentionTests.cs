using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Layers;
using Microsoft.ML.PaT.Pruning;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class AttentionTests
{
    private static readonly string[] s_one = ["a"];

    [Test]
    public void Every_head_weighs_the_values_by_the_softmax_of_query_times_key()
    {
        using var scope = torch.NewDisposeScope();
        const int In = 3, Heads = 2, Width = 4, Height = 2, Columns = 3, Tokens = Height * Columns, Out = Heads * Width;
        var layer = new AttentionLayer("x", s_one, In, Heads, Width);
        double[] weight = Random([3 * Out, In], 1, out var weights),
            bias = Random([3 * Out], 2, out var biases),
            x = Random([1, In, Height, Columns], 3, out var input);

        var expected = new double[Out * Tokens];
        for (var head = 0; head < Heads; head++)
        {
            for (var t = 0; t < Tokens; t++)
            {
                var scores = Enumerable.Range(0, Tokens)
                    .Select(s =>
                        Math.Exp(
                            Enumerable.Range(0, Width).Sum(c => Project(0, head, c, t) * Project(1, head, c, s))
                                / Math.Sqrt(Width)))
                    .ToArray();
                for (var c = 0; c < Width; c++)
                {
                    expected[(head * Width + c) * Tokens + t] =
                        Enumerable.Range(0, Tokens).Sum(s => scores[s] * Project(2, head, c, s)) / scores.Sum();
                }
            }
        }
        var output = layer.Forward(Context(input, ("x.in_proj_weight", weights), ("x.in_proj_bias", biases)));
        Assert.That(output.shape, Is.EqualTo(new long[] { 1, Out, Height, Columns }));
        Assert.That(Values(output), Is.EqualTo(expected).Within(1e-12));

        double Project(int part, int head, int c, int token)
        {
            var row = part * Out + head * Width + c;
            return bias[row] + Enumerable.Range(0, In).Sum(i => weight[row * In + i] * x[i * Tokens + token]);
        }
    }

    [Test]
    public void A_class_token_comes_before_the_pixels_and_positions_are_added()
    {
        using var scope = torch.NewDisposeScope();
        double[] token = Random([1, 1, 2], 1, out var tokens),
            position = Random([1, 5, 2], 2, out var positions),
            x = Random([1, 2, 2, 2], 3, out var input);
        var row = new ClassTokenLayer("token", s_one, 2).Forward(Context(input, ("token", tokens)));
        Assert.That(
            Values(row), Is.EqualTo(new[] { token[0], x[0], x[1], x[2], x[3], token[1], x[4], x[5], x[6], x[7] }));

        var placed = new PositionEmbeddingLayer("position", s_one, 2, 5).Forward(Context(row, ("position", positions)));
        Assert.That(
            Values(placed), Is.EqualTo(Values(row).Select((v, i) => v + position[i % 5 * 2 + i / 5])).Within(1e-15));
        Assert.That(
            Values(new SelectTokenLayer("select", s_one, 3).Forward(Context(placed))),
            Is.EqualTo(new[] { Values(placed)[3], Values(placed)[8] }));
    }

    [Test]
    public void A_head_is_one_channel_and_the_tokens_width_is_one_group()
    {
        var groups = ChannelGroups.Of(Networks.ByName("vit_tiny_16").Build(new(3, 64, 64), 10));
        Assert.That(groups.Groups, Has.Count.EqualTo(1 + 12 + 12));
        var width = groups.Groups[0];
        Assert.That((width.Name, width.Width, width.Layers.Count), Is.EqualTo(("conv_proj", 192, 25)));
        Assert.That(
            width.Members.Select(m => (m.Parameter, m.Dimension)),
            Is.SupersetOf(
                new[]
                {
                    ("conv_proj.weight", 0), ("class_token", 2), ("encoder.pos_embedding", 2),
                    ("encoder.layers.encoder_layer_3.ln_1.weight", 0),
                    ("encoder.layers.encoder_layer_3.self_attention.in_proj_weight", 1),
                    ("encoder.layers.encoder_layer_3.self_attention.out_proj.weight", 0),
                    ("encoder.layers.encoder_layer_11.mlp.3.bias", 0), ("encoder.ln.bias", 0), ("heads.head.weight", 1),
                }));

        var heads = groups.Groups.Single(g => g.Name == "encoder.layers.encoder_layer_3.self_attention");
        Assert.That((heads.Width, heads.Multiplicity), Is.EqualTo((3, 64)));
        var rows = heads.Members.ToDictionary(
            m => (m.Parameter[(heads.Name.Length + 1)..], m.Dimension),
            m => m.Indices.Zip(m.Channels).Where(i => i.Second == 1).Select(i => i.First).ToArray());
        var second = Enumerable.Range(64, 64).Select(i => (long)i).ToArray();
        var queriesKeysValues =
            second.Concat(second.Select(i => i + 192)).Concat(second.Select(i => i + 384)).ToArray();
        Assert.That(
            rows,
            Is.EquivalentTo(
                new Dictionary<(string, int), long[]>
                {
                    [("in_proj_weight", 0)] = queriesKeysValues,
                    [("in_proj_bias", 0)] = queriesKeysValues,
                    [("out_proj.weight", 1)] = second,
                }));
    }

    [Test]
    public void Positions_fit_one_size_of_images()
    {
        Assert.That(
            () => Networks.ByName("vit_tiny_16").Build(new(3, 64, 100), 10),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains("'vit_tiny_16'")
                .And.Message.Contains("64x100")
                .And.Message.Contains("multiples of 16"));
        Assert.That(
            () => new PositionEmbeddingLayer("place", s_one, 4, 17).OutputShape([new(4, 1, 5)]),
            Throws.TypeOf<InvalidOptionsException>()
                .With.Message.Contains("'place'")
                .And.Message.Contains("17")
                .And.Message.Contains("1x5"));
        Assert.That(
            Networks.ByName("vit_tiny_16").Build(new(3, 32, 48), 10).OutputShape("class_token"),
            Is.EqualTo(new ImageShape(192, 1, 7)));
    }

    /// <summary>Values, and the same as a tensor.</summary>
    private static double[] Random(long[] shape, int seed, out torch.Tensor tensor)
    {
        using var generator = new torch.Generator((ulong)seed);
        tensor = torch.empty(shape, dtype: torch.float64).normal_(0, 1, generator);
        return Values(tensor);
    }

    private static double[] Values(torch.Tensor tensor) => tensor.contiguous().view(-1).data<double>().ToArray();

    private static LayerContext Context(torch.Tensor input, params (string Name, torch.Tensor Value)[] tensors) =>
        new([input], tensors.ToDictionary(t => t.Name, t => t.Value), training: false, inPlace: false, noise: null);
}
