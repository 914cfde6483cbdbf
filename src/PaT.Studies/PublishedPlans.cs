using System.Globalization;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;

namespace PaT.Studies;

/// <summary>
/// Per-layer plans of "Pruning Filters for Efficient ConvNets" (Li et al., ICLR 2017) as the retraining studies use them: a fraction of the first
/// convolution of each basic block by stage, keep = int(C * (1 - p)), some layers skipped; or widths one by one.
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
    };

    private static readonly Dictionary<string, int[]> s_widths = new(StringComparer.OrdinalIgnoreCase)
    {
        ["VGG16-A"] = [32, 64, 128, 128, 256, 256, 256, 256, 256, 256, 256, 256, 256],
        ["VGG16-B"] = [32, 64, 128, 128, 196, 196, 196, 196, 196, 256, 256, 256, 256],
    };

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_widths.Keys, .. s_stages.Keys, "R50-GAL0.5"];

    /// <summary>The channels that the convolutions of a network keep; those that are not named stay whole.</summary>
    /// <param name="plan">The name of a plan. On a network of another depth a plan by stages gives its ratios, and no layer is skipped: the skipped ones are numbers of its own network.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="InvalidOptionsException">There is no such plan, or it does not fit the network.</exception>
    public static IReadOnlyDictionary<string, int> Widths(string plan, NetworkDefinition network)
    {
        var convolutions = network.Layers.OfType<ConvolutionLayer>().ToList();
        if (s_widths.TryGetValue(plan, out var widths))
        {
            return convolutions.Count == widths.Length && convolutions.Zip(widths).All(c => c.First.Out >= c.Second)
                ? convolutions.Zip(widths).ToDictionary(c => c.First.Name, c => c.Second)
                : throw Unfit(plan, network, $"its {widths.Length} widths belong to a VGG-16 such as vgg16-bn-cifar");
        }

        var bottleneck = plan.Equals("R50-GAL0.5", StringComparison.OrdinalIgnoreCase);
        if (!bottleneck && !s_stages.ContainsKey(plan))
        {
            throw new InvalidOptionsException($"there is no plan '{plan}'; known: {string.Join(", ", Names)}");
        }

        var stages = bottleneck ? new Stages(16, [0.14, 0.14, 0.14, 0.15], []) : s_stages[plan];
        var wanted = bottleneck ? new[] { "conv1", "conv2" } : ["conv1"];
        var isBottleneck = convolutions.Exists(c => c.Name.EndsWith(".conv3", StringComparison.Ordinal));
        var blocks = convolutions.Where(c => c.Name.Split('.') is [_, _, "conv1"]).Select(c => c.Name).ToList();
        var inner = convolutions.Where(c => c.Name.Split('.') is [var stage, _, var layer] && stage.StartsWith("layer", StringComparison.Ordinal) && wanted.Contains(layer)).ToList();
        if (inner.Count == 0 || isBottleneck != bottleneck || inner.Max(StageOf) >= stages.Ratios.Length)
        {
            throw Unfit(plan, network, $"it is for residual networks of {stages.Ratios.Length} stages of {(bottleneck ? "bottlenecks" : "basic blocks")}");
        }

        // 3x3 convolutions counted from 1 at the stem, two a block.
        return inner
            .Where(c => blocks.Count != stages.Blocks || !stages.Skipped.Contains(2 + (2 * blocks.IndexOf(c.Name))))
            .ToDictionary(c => c.Name, c => (int)(c.Out * (1 - stages.Ratios[StageOf(c)])));
    }

    private static int StageOf(ConvolutionLayer layer) => int.Parse(layer.Name.AsSpan("layer".Length, 1), CultureInfo.InvariantCulture) - 1;

    private static InvalidOptionsException Unfit(string plan, NetworkDefinition network, string why) => new($"plan {plan} does not fit {network.Name}: {why}");

    /// <param name="Blocks">Blocks of the network that the skipped layers belong to.</param>
    /// <param name="Ratios">Fraction of the channels removed, by stage, fraction 0 to 1.</param>
    /// <param name="Skipped">Numbers of layers that stay whole.</param>
    private sealed record Stages(int Blocks, double[] Ratios, int[] Skipped);
}
