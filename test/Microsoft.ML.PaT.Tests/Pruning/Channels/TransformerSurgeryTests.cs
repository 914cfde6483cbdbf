using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Modeling.Zoo;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Scoring;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// IterativeSteps of small vision transformers and ConvNeXts: heads, hidden neurons, and the width that shortcuts tie
/// together.
/// </summary>
public class TransformerSurgeryTests
{
    private static readonly NetworkDefinition[] s_networks =
    [
        VisionTransformer.Build("vit", new(3, 8, 8), 3, patch: 4, width: 32, depth: 2, heads: 4),
        ConvNeXt.Build("convnext", new(3, 16, 16), 3, widths: [16, 32], depths: [2, 1]),
    ];

    [Test]
    public void Compact_is_masked_dense(
        [ValueSource(nameof(s_networks))] NetworkDefinition dense, [Range(1, 8)] int seed)
    {
        var compact = SurgeryAssert.Equal(dense, groups => TinyNetworks.RandomPlan(groups, seed), torch.float64, seed);
        SurgeryAssert.Equal(compact, groups => TinyNetworks.RandomPlan(groups, seed + 1), torch.float64, seed);
        SurgeryAssert.Equal(dense, groups => TinyNetworks.RandomPlan(groups, ratio: 0.5, seed), torch.float32, seed);
    }

    [Test]
    public void A_cut_network_computes_with_fewer_heads_of_the_same_width()
    {
        var compact = s_networks[0]
            .WithWidths(
                new Dictionary<string, int>
                {
                    ["conv_proj"] = 20,
                    ["encoder.layers.encoder_layer_1.self_attention"] = 8,
                });
        var heads = compact.Layers.OfType<AttentionLayer>().Select(l => (l.In, l.Heads, l.HeadWidth));
        Assert.That(heads, Is.EqualTo(new[] { (20, 4, 8), (20, 1, 8) }));
        Assert.That(
            () =>
                s_networks[0]
                    .WithWidths(new Dictionary<string, int> { ["encoder.layers.encoder_layer_1.self_attention"] = 12 }),
            Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("steps of 8"));
    }

    [Test]
    public void Momentum_of_tokens_positions_and_heads_is_gathered()
    {
        using var scope = torch.NewDisposeScope();
        using var dense = TinyNetworks.Trainable(s_networks[0]);
        foreach (var flat in new[] { dense.Decayed, dense.Undecayed })
            flat.State("momentum").copy_(torch.arange(flat.Values.numel()).to(torch.float32));
        var groups = ChannelGroups.Of(dense.Definition);
        var plan = new PruningPlan(groups.Groups.ToDictionary(
            g => g.Name, g => Enumerable.Range(0, g.Width).Where(c => c % 3 == 1).ToArray()));
        using var compact = dense.Prune(new ChannelPruner(groups, plan));

        var width = torch.tensor(Enumerable.Range(0, 32).Where(c => c % 3 == 1).Select(c => (long)c).ToArray());
        foreach (var name in new[] { "class_token", "encoder.pos_embedding" })
        {
            TensorAssert.Close(
                compact.Undecayed.StateOf("momentum", name),
                dense.Undecayed.StateOf("momentum", name).index_select(2, width),
                0);
        }
        // Head 1 of 4, 8 wide: its queries, keys and values.
        var rows = torch.tensor(
            Enumerable.Range(8, 8)
                .Concat(Enumerable.Range(40, 8))
                .Concat(Enumerable.Range(72, 8))
                .Select(r => (long)r)
                .ToArray());
        const string attention = "encoder.layers.encoder_layer_0.self_attention.in_proj_weight";
        TensorAssert.Close(
            compact.Decayed.StateOf("momentum", attention),
            dense.Decayed.StateOf("momentum", attention).index_select(0, rows).index_select(1, width),
            0);
    }

    [TestCase("taylor")]
    [TestCase("magnitude")]
    public void Every_channel_has_a_score(string criterion)
    {
        foreach (var definition in s_networks)
        {
            using var scope = torch.NewDisposeScope();
            using var network = TinyNetworks.Trainable(definition);
            using var store = TinyImages.Store(4, definition.Classes, definition.Input.Height);
            var probe = new ProbeBatches(store, new() { BatchSize = 2 }, seed: 1, new(), PixelStatistics.Of(store));
            using var scorer = new ChannelScorer(
                new() { Criterion = Importance.ByName(criterion) }, network, probe, seed: 1, planner: null);
            using var noise = new torch.Generator(1);
            network.Module.Train(noise);
            torch.nn.functional.cross_entropy(
                    network.Module.call(TinyNetworks.Images(definition, 4)), torch.tensor(new long[] { 0, 1, 2, 0 }))
                .backward();
            scorer.Gather();
            Assert.That(scorer.Score(1).Values, Is.All.All.GreaterThan(0));
        }
    }
}
