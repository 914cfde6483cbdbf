namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// ConvNeXt (Liu et al., CVPR 2022), as in torchvision: 4x4 patches, then blocks of a 7x7 depthwise convolution, a
/// layer-norm and two linear layers with GELU between them, scaled per channel. Blocks are skipped in training with a
/// probability that grows to 0.1 with depth.
/// </summary>
internal static class ConvNeXt
{
    private const double Epsilon = 1e-6;

    private const double DeepestSkip = 0.1;

    public static IEnumerable<NetworkArchitecture> All =>
        [
            new("convnext_tiny", new(3, 224, 224), (input, classes) =>
                Build("convnext_tiny", input, classes, [96, 192, 384, 768], [3, 3, 9, 3])),
        ];

    /// <summary>Builds a network of any size.</summary>
    /// <param name="classes">Number of classes.</param>
    internal static NetworkDefinition Build(string name, ImageShape input, int classes, int[] widths, int[] depths)
    {
        var builder = new NetworkBuilder(name, input);
        var x = builder.Convolution(
            "features.0.0", NetworkDefinition.InputName, widths[0], kernel: 4, stride: 4, padding: 0, bias: true);
        x = builder.LayerNorm("features.0.1", x, Epsilon);
        var (block, last) = (0, depths.Sum() - 1);
        for (var stage = 0; stage < widths.Length; stage++)
        {
            if (stage > 0)
            {
                x = builder.LayerNorm($"features.{2 * stage}.0", x, Epsilon);
                x = builder.Convolution(
                    $"features.{2 * stage}.1", x, widths[stage], kernel: 2, stride: 2, padding: 0, bias: true);
            }
            for (var b = 0; b < depths[stage]; b++)
                x = Block(builder, $"features.{2 * stage + 1}.{b}", x, DeepestSkip * block++ / Math.Max(1, last));
        }
        x = builder.LayerNorm("classifier.0", builder.GlobalAveragePool("avgpool", x), Epsilon);
        builder.Linear("classifier.2", x, classes);
        return builder.Build();
    }

    private static string Block(NetworkBuilder builder, string name, string input, double skip) =>
        builder.Residual($"{name}.add", input, x =>
        {
            var width = builder.Shape(x).Channels;
            x = builder.Convolution($"{name}.block.0", x, width, kernel: 7, groups: width, bias: true);
            x = builder.LayerNorm($"{name}.block.2", x, Epsilon);
            x = builder.Activation(
                $"{name}.block.4", builder.Linear($"{name}.block.3", x, 4 * width), ActivationFunction.Gelu);
            x = builder.Scale($"{name}.layer_scale", builder.Linear($"{name}.block.5", x, width));
            return builder.StochasticDepth($"{name}.stochastic_depth", x, skip);
        });
}
