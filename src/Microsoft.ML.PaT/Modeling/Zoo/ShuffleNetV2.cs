namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// ShuffleNetV2 (Ma et al., ECCV 2018), as in torchvision: a unit transforms one half of its channels and then shuffles
/// both halves.
/// </summary>
internal static class ShuffleNetV2
{
    private static readonly int[] s_units = [4, 8, 4];

    public static IEnumerable<NetworkArchitecture> All =>
    [
        OfWidths("shufflenet_v2_x0_5", [48, 96, 192], 1024),
        OfWidths("shufflenet_v2_x1_0", [116, 232, 464], 1024),
        OfWidths("shufflenet_v2_x1_5", [176, 352, 704], 1024),
        OfWidths("shufflenet_v2_x2_0", [244, 488, 976], 2048),
    ];

    private static NetworkArchitecture OfWidths(string name, int[] widths, int last) =>
        new(name, new(3, 224, 224), (input, classes) =>
        {
            var builder = new NetworkBuilder(name, input);
            var x = builder.Convolution("conv1.0", NetworkDefinition.InputName, 24, kernel: 3, stride: 2);
            x = builder.Relu("conv1.2", builder.BatchNorm("conv1.1", x));
            x = builder.MaxPool("maxpool", x, kernel: 3, stride: 2, padding: 1);
            for (var stage = 0; stage < widths.Length; stage++)
            {
                for (var unit = 0; unit < s_units[stage]; unit++)
                    x = Unit(builder, $"stage{stage + 2}.{unit}", x, widths[stage] / 2, halves: unit == 0);
            }
            x = builder.Convolution("conv5.0", x, last, kernel: 1);
            x = builder.Relu("conv5.2", builder.BatchNorm("conv5.1", x));
            builder.Linear("fc", builder.GlobalAveragePool("avgpool", x), classes);
            return builder.Build();
        });

    /// <summary>
    /// The first unit of a stage halves the image, and both branches read all channels. The other units pass one half
    /// through.
    /// </summary>
    private static string Unit(NetworkBuilder builder, string name, string input, int width, bool halves)
    {
        var (one, other) = halves
            ? (
                ConvolutionNormRelu(
                    builder,
                    $"{name}.branch1",
                    2,
                    DepthwiseNorm(builder, $"{name}.branch1", 0, input, stride: 2),
                    width),
                input)
            : (Part(builder, $"{name}.split1", input, 0, width), Part(builder, $"{name}.split2", input, width, width));
        var x = ConvolutionNormRelu(builder, $"{name}.branch2", 0, other, width);
        x = DepthwiseNorm(builder, $"{name}.branch2", 3, x, stride: halves ? 2 : 1);
        x = ConvolutionNormRelu(builder, $"{name}.branch2", 5, x, width);
        x = builder.Concatenate($"{name}.concat", one, x);
        // Alternate the channels of the two halves.
        return builder.SelectChannels(
            $"{name}.shuffle", x, [.. Enumerable.Range(0, 2 * width).Select(c => c % 2 * width + c / 2)]);
    }

    private static string Part(NetworkBuilder builder, string name, string input, int first, int count) =>
        builder.SelectChannels(name, input, [.. Enumerable.Range(first, count)]);

    private static string DepthwiseNorm(NetworkBuilder builder, string name, int index, string input, int stride)
    {
        var width = builder.Shape(input).Channels;
        return builder.BatchNorm(
            $"{name}.{index + 1}",
            builder.Convolution($"{name}.{index}", input, width, kernel: 3, stride, groups: width));
    }

    private static string ConvolutionNormRelu(
        NetworkBuilder builder, string name, int index, string input, int channels)
    {
        var x = builder.Convolution($"{name}.{index}", input, channels, kernel: 1);
        return builder.Relu($"{name}.{index + 2}", builder.BatchNorm($"{name}.{index + 1}", x));
    }
}
