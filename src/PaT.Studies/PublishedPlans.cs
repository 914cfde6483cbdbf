using System.Globalization;
using System.Text.Json;

namespace PaT.Studies;

/// <summary>
/// Plans by layer of "Pruning Filters for Efficient ConvNets" (Li et al., ICLR 2017), in the form that the retraining
/// studies use: for each stage, a fraction p of the first convolution of each basic block, which keeps int(C * (1 - p))
/// channels, with some layers skipped; or a width for each convolution.
/// </summary>
public static class PublishedPlans
{
    private static readonly Dictionary<string, Stages> s_stages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["R56-A"] = new(27, [0.1, 0.1, 0.1], [16, 20, 38, 54]),
        ["R56-B"] = new(27, [0.6, 0.3, 0.1], [16, 18, 20, 34, 38, 54]),
        ["R56-C"] = new(27, [0.6, 0.5, 0.4], [16, 18, 20, 34, 38, 54]),
        ["R56-D"] = new(27, [0.6, 0.6, 0.6], [16, 18, 20, 34, 38, 54]),
        ["R110-A"] = new(54, [0.5, 0, 0], [36]),
        ["R110-B"] = new(54, [0.5, 0.4, 0.3], [36, 38, 74]),
        ["R34-A"] = new(16, [0.3, 0.3, 0.3, 0], [2, 8, 14, 16, 26, 28, 30, 32]),
        ["R34-B"] = new(16, [0.5, 0.6, 0.4, 0], [2, 8, 14, 16, 26, 28, 30, 32]),
        ["R50-GAL0.5"] = new(16, [0.14, 0.14, 0.14, 0.15], []) { IsBottleneck = true },
    };

    private static readonly Dictionary<string, int[]> s_widths = new(StringComparer.OrdinalIgnoreCase)
    {
        ["VGG16-A"] = [32, 64, 128, 128, 256, 256, 256, 256, 256, 256, 256, 256, 256],
        ["VGG16-B"] = [32, 64, 128, 128, 196, 196, 196, 196, 196, 256, 256, 256, 256],
    };

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_widths.Keys, .. s_stages.Keys];

    /// <summary>
    /// The channels that the convolutions of a network keep. Convolutions that are not named keep all.
    /// </summary>
    /// <param name="plan">The name of a plan. On a network of another depth, a plan by stages gives its ratios, but
    /// skips no layer, because the skipped layers are numbers of its own network.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="InvalidOptionsException">There is no such plan, or it does not fit the network.</exception>
    public static IReadOnlyDictionary<string, int> Widths(string plan, NetworkDefinition network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var convolutions = Convolutions(network);
        if (s_widths.TryGetValue(plan, out var widths))
        {
            return convolutions.Count == widths.Length && convolutions.Zip(widths).All(c => c.First.Out >= c.Second)
                ? convolutions.Zip(widths).ToDictionary(c => c.First.Name, c => c.Second)
                : throw Unfit(plan, network, $"its {widths.Length} widths belong to a VGG-16 such as vgg16-bn-cifar");
        }
        if (!s_stages.TryGetValue(plan, out var stages))
        {
            throw new InvalidOptionsException(
                StudyErrorCodes.PlanUnknown, $"There is no plan '{plan}'. Known: {string.Join(", ", Names)}.");
        }

        string[] wanted = stages.IsBottleneck ? ["conv1", "conv2"] : ["conv1"];
        var inBlocks = convolutions
            .Where(c => Parts(c) is [var stage, _, _] && stage.StartsWith("layer", StringComparison.Ordinal))
            .ToList();
        var blocks = inBlocks.Where(c => Parts(c)[2] == "conv1").Select(c => c.Name).ToList();
        var pruned = inBlocks.Where(c => wanted.Contains(Parts(c)[2])).ToList();
        var isBottleneck = inBlocks.Exists(c => Parts(c)[2] == "conv3");
        if (pruned.Count == 0 || isBottleneck != stages.IsBottleneck || pruned.Max(StageOf) >= stages.Ratios.Length)
        {
            var kind = stages.IsBottleneck ? "bottlenecks" : "basic blocks";
            throw Unfit(plan, network, $"it is for residual networks of {stages.Ratios.Length} stages of {kind}");
        }

        // 3x3 convolutions are counted from 1 at the stem, two per block.
        return pruned
            .Where(c => blocks.Count != stages.Blocks || !stages.Skipped.Contains(2 + (2 * blocks.IndexOf(c.Name))))
            .ToDictionary(c => c.Name, c => (int)(c.Out * (1 - stages.Ratios[StageOf(c)])));
    }

    /// <summary>The convolutions in order of computation, with their output channels.</summary>
    private static List<(string Name, int Out)> Convolutions(NetworkDefinition network)
    {
        using var json = JsonDocument.Parse(network.ToSummaryJson());
        return
        [
            .. json.RootElement.GetProperty("layers").EnumerateArray()
                .Where(layer => layer.GetProperty("kind").GetString() == "convolution")
                .Select(layer => (layer.GetProperty("name").GetString()!, layer.GetProperty("out").GetInt32())),
        ];
    }

    private static string[] Parts((string Name, int Out) layer) => layer.Name.Split('.');

    private static int StageOf((string Name, int Out) layer) =>
        int.Parse(layer.Name.AsSpan("layer".Length, 1), CultureInfo.InvariantCulture) - 1;

    private static InvalidOptionsException Unfit(string plan, NetworkDefinition network, string why) =>
        new(ErrorCodes.PlanMismatch, $"Plan {plan} does not fit {network.Name}: {why}.");

    /// <param name="Blocks">Blocks of the network that the skipped layers belong to.</param>
    /// <param name="Ratios">Fraction of the channels removed, by stage.</param>
    /// <param name="Skipped">Numbers of layers that are not pruned.</param>
    private sealed record Stages(int Blocks, double[] Ratios, int[] Skipped)
    {
        public bool IsBottleneck { get; init; }
    }
}
