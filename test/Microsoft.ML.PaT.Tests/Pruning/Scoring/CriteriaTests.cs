using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Modeling.Zoo;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Properties of all criteria.</summary>
public class CriteriaTests
{
    // One network for each kind of coupling; the whole zoo is in the long tests.
    private static readonly string[] s_some =
        ["resnet20-cifar-a", "mobilenet_v1_x0_25", "mobilenet_v3_small", "shufflenet_v2_x0_5"];

    // Random scores belong to positions, not to channels.
    private static IEnumerable<Importance> OfChannels => Importance.All.Where(c => c != Importance.Random);

    private static IEnumerable<string> Others => Networks.Names.Except(s_some);

    [Test]
    public void Scores_are_finite_and_not_negative_where_the_definition_says_so(
        [ValueSource(typeof(Importance), nameof(Importance.All))] Importance criterion,
        [Values] GroupReduction reduction)
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var scores = Score(
            network,
            new() { Criterion = criterion, Reduction = reduction, Normalization = ScoreNormalization.None })
            .Values.SelectMany(v => v)
            .ToArray();
        Assert.That(scores, Is.All.Matches<double>(double.IsFinite));
        // Ranks of feature maps are integers, so channels share them.
        Assert.That(scores.Distinct().Count(), Is.GreaterThan(criterion == Importance.HRank ? 10 : scores.Length / 2));
        if (criterion != Importance.Grasp) Assert.That(scores, Is.All.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void Scores_move_with_their_channels([ValueSource(nameof(OfChannels))] Importance criterion)
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var groups = ChannelGroups.Of(network.Definition);
        using var shuffled = Shuffled(network, groups, out var order);
        var options = new PruningOptions { Criterion = criterion, Normalization = ScoreNormalization.GroupMean };
        var (before, after) = (Score(network, options), Score(shuffled, options));
        for (var g = 0; g < groups.Groups.Count; g++)
        {
            var expected = order[g].Select(c => before.Values[g][c]);
            Assert.That(
                after.Values[g],
                Is.EqualTo(expected).Within(2e-3 * before.Values[g].Max(Math.Abs)),
                groups.Groups[g].Name);
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_scores(
        [ValueSource(typeof(Importance), nameof(Importance.All))] Importance criterion)
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var options = new PruningOptions { Criterion = criterion };
        Assert.That(Score(network, options).Values, Is.EqualTo(Score(network, options).Values));
    }

    [Test]
    public void Every_criterion_prunes_exactly([ValueSource(nameof(s_some))] string name) =>
        Check(Networks.ByName(name).Build(new(3, 64, 64), 10));

    [Test]
    public void Every_criterion_cuts_grouped_convolutions_exactly()
    {
        var builder = new NetworkBuilder("grouped", new(3, 64, 64));
        var stem =
            builder.Relu("relu1", builder.Convolution("stem", NetworkDefinition.InputName, 8, kernel: 3, stride: 2));
        builder.Linear(
            "fc",
            builder.GlobalAveragePool(
                "pool",
                builder.Relu(
                    "relu2",
                    builder.BatchNorm("norm", builder.Convolution("grouped", stem, 12, kernel: 3, groups: 4)))),
            10);
        Check(builder.Build());
    }

    [Test]
    public void Every_criterion_cuts_heads_and_tokens_exactly()
    {
        Check(VisionTransformer.Build("vit", new(3, 8, 8), 10, patch: 4, width: 32, depth: 2, heads: 4));
        Check(ConvNeXt.Build("convnext", new(3, 16, 16), 10, widths: [16, 32], depths: [2, 1]));
    }

    [Test, Category("Long")]
    public void Every_criterion_prunes_exactly_everywhere([ValueSource(nameof(Others))] string name) =>
        Check(Networks.ByName(name).Build(new(3, 64, 64), 10));

    private static void Check(NetworkDefinition dense)
    {
        using var network = TinyNetworks.Trainable(dense);
        var groups = ChannelGroups.Of(dense);
        foreach (var criterion in Importance.All)
        {
            var scores = Score(network, new() { Criterion = criterion });
            Assert.That(scores.Values.SelectMany(v => v), Is.All.Matches<double>(double.IsFinite), criterion.Name);
            // There is no flow through gates, and feature maps of one pixel have rank 1.
            if (criterion != Importance.SynFlow && criterion != Importance.HRank)
            {
                Assert.That(
                    scores.Values.Count(v => v.Length > 1 && v.Distinct().Count() == 1),
                    Is.Zero,
                    $"{criterion} tells channels apart");
            }
            var plan = ChannelRanking.Keep(groups, scores, 0.5 * groups.Neurons, step: 1);
            Assert.That(
                plan.Counts(groups).Sum(),
                Is.LessThan(0.6 * groups.Neurons + groups.PrunableLayers.Count),
                criterion.Name);
            SurgeryAssert.Equal(dense, _ => plan, torch.float32, seed: 2);
        }
    }

    private static ChannelScores Score(TrainableNetwork network, PruningOptions options)
    {
        var shape = network.Definition.Input;
        using var store = TinyImages.Store(4, network.Definition.Classes, shape.Height);
        var groups = ChannelGroups.Of(network.Definition);
        var images = new ProbeBatches(store, new() { BatchSize = 2 }, seed: 1, new(), PixelStatistics.Of(store));
        // The hundred rounds of the paper take too long for a test.
        var settings = options.Scoring with
        {
            Criterion = options.Criterion == Importance.SynFlow ? new SynFlowImportance(rounds: 2) : options.Criterion,
        };
        var planner = new TargetPlanner(new() { Target = PruningTarget.Channels(0.5) }, groups, step: 1);
        using var scorer = new ChannelScorer(settings, network, images, seed: 1, planner);
        return scorer.Score(observations: 1);
    }

    /// <summary>Permutes the channels of every group: channel c is the former channel order[g][c].</summary>
    private static TrainableNetwork Shuffled(TrainableNetwork network, ChannelGroups groups, out int[][] order)
    {
        var random = new Random(3);
        order = [.. groups.Groups.Select(g =>
        {
            var channels = Enumerable.Range(0, g.Width).ToArray();
            random.Shuffle(channels);
            return channels;
        })];
        using var scope = torch.NewDisposeScope();
        var values = network.Tensors.ToDictionary(t => t.Key, t => t.Value.detach());
        foreach (var (group, channels) in groups.Groups.Zip(order))
        {
            foreach (var member in group.Members)
            {
                var indices = Enumerable.Range(0, (int)values[member.Parameter].shape[member.Dimension])
                    .Select(i => (long)i)
                    .ToArray();
                var old = member.Channels.Zip(member.Indices).ToDictionary(p => p.First, p => p.Second);
                for (var i = 0; i < member.Indices.Length; i++)
                    indices[member.Indices[i]] = old[channels[member.Channels[i]]];
                values[member.Parameter] =
                    values[member.Parameter].index_select(member.Dimension, torch.tensor(indices));
            }
        }
        return new(network.Definition, values, torch.CPU);
    }
}
