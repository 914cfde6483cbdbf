using static Microsoft.ML.PaT.ActivationFunction;

namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// EfficientNet-B0 (Tan and Le, ICML 2019), as in torchvision: inverted residual blocks with squeeze-and-excitation,
/// SiLU and stochastic depth.
/// </summary>
internal static class EfficientNet
{
    private const double DropRate = 0.2;

    /// <summary>Expansion factor, kernel size, channels, number of blocks, and stride of the first block.</summary>
    private static readonly (int Factor, int Kernel, int Channels, int Blocks, int Stride)[] s_stages =
    [
        (1, 3, 16, 1, 1), (6, 3, 24, 2, 2), (6, 5, 40, 2, 2), (6, 3, 80, 3, 2), (6, 5, 112, 3, 1), (6, 5, 192, 4, 2),
        (6, 3, 320, 1, 1),
    ];

    public static IEnumerable<NetworkArchitecture> All => [new("efficientnet_b0", new(3, 224, 224), Build)];

    private static NetworkDefinition Build(ImageShape input, int classes)
    {
        var builder = new NetworkBuilder("efficientnet_b0", input);
        var x = Convolve(builder, "features.0", NetworkDefinition.InputName, 32, kernel: 3, stride: 2);
        int done = 0, all = s_stages.Sum(s => s.Blocks);
        for (var stage = 0; stage < s_stages.Length; stage++)
        {
            var (factor, kernel, channels, blocks, stride) = s_stages[stage];
            for (var b = 0; b < blocks; b++)
            {
                x = Block(
                    builder,
                    $"features.{stage + 1}.{b}",
                    x,
                    factor,
                    kernel,
                    channels,
                    b == 0 ? stride : 1,
                    DropRate * done++ / all);
            }
        }
        x = Convolve(builder, $"features.{s_stages.Length + 1}", x, 1280, kernel: 1);
        x = builder.Dropout("classifier.0", builder.GlobalAveragePool("avgpool", x), DropRate);
        builder.Linear("classifier.1", x, classes);
        return builder.Build();
    }

    private static string Block(
        NetworkBuilder builder,
        string name,
        string input,
        int factor,
        int kernel,
        int channels,
        int stride,
        double dropRate)
    {
        var width = builder.Shape(input).Channels;
        return stride == 1 && width == channels
            ? builder.Residual($"{name}.add", input, x =>
                builder.StochasticDepth($"{name}.stochastic_depth", Branch(x), dropRate))
            : Branch(input);

        string Branch(string x)
        {
            var part = 0;
            if (factor != 1) x = Convolve(builder, $"{name}.block.{part++}", x, width * factor, kernel: 1);
            x = Convolve(builder, $"{name}.block.{part++}", x, width * factor, kernel, stride, groups: width * factor);
            x = SqueezeExcitation.Add(builder, $"{name}.block.{part++}", x, Math.Max(1, width / 4), Silu, Sigmoid);
            x = builder.Convolution($"{name}.block.{part}.0", x, channels, kernel: 1);
            return builder.BatchNorm($"{name}.block.{part}.1", x);
        }
    }

    private static string Convolve(
        NetworkBuilder builder, string name, string input, int channels, int kernel, int stride = 1, int groups = 1)
    {
        var x = builder.Convolution($"{name}.0", input, channels, kernel, stride, groups: groups);
        return builder.Activation($"{name}.2", builder.BatchNorm($"{name}.1", x), Silu);
    }
}
