using static Microsoft.ML.PaT.ActivationFunction;

namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// MobileNetV3 (Howard et al., ICCV 2019), as in torchvision: inverted residual blocks, some with
/// squeeze-and-excitation; the later ones use hard-swish.
/// </summary>
internal static class MobileNetV3
{
    private static readonly Block[] s_small =
    [
        new(3, 16, 16, true, Relu, 2), new(3, 72, 24, false, Relu, 2), new(3, 88, 24, false, Relu, 1),
        new(5, 96, 40, true, HardSwish, 2), new(5, 240, 40, true, HardSwish, 1), new(5, 240, 40, true, HardSwish, 1),
        new(5, 120, 48, true, HardSwish, 1), new(5, 144, 48, true, HardSwish, 1), new(5, 288, 96, true, HardSwish, 2),
        new(5, 576, 96, true, HardSwish, 1), new(5, 576, 96, true, HardSwish, 1),
    ];

    private static readonly Block[] s_large =
    [
        new(3, 16, 16, false, Relu, 1), new(3, 64, 24, false, Relu, 2), new(3, 72, 24, false, Relu, 1),
        new(5, 72, 40, true, Relu, 2),
        new(5, 120, 40, true, Relu, 1), new(5, 120, 40, true, Relu, 1), new(3, 240, 80, false, HardSwish, 2),
        new(3, 200, 80, false, HardSwish, 1),
        new(3, 184, 80, false, HardSwish, 1), new(3, 184, 80, false, HardSwish, 1),
        new(3, 480, 112, true, HardSwish, 1), new(3, 672, 112, true, HardSwish, 1),
        new(5, 672, 160, true, HardSwish, 2), new(5, 960, 160, true, HardSwish, 1),
        new(5, 960, 160, true, HardSwish, 1),
    ];

    public static IEnumerable<NetworkArchitecture> All =>
        [
            new("mobilenet_v3_small", new(3, 224, 224), (input, classes) =>
                Build("mobilenet_v3_small", s_small, 1024, input, classes)),
            new("mobilenet_v3_large", new(3, 224, 224), (input, classes) =>
                Build("mobilenet_v3_large", s_large, 1280, input, classes)),
        ];

    private static NetworkDefinition Build(string name, Block[] blocks, int hidden, ImageShape input, int classes)
    {
        var builder = new NetworkBuilder(name, input);
        var x = Convolve(builder, "features.0", NetworkDefinition.InputName, 16, kernel: 3, HardSwish, stride: 2);
        for (var i = 0; i < blocks.Length; i++) x = Add(builder, $"features.{i + 1}", x, blocks[i]);
        x = Convolve(builder, $"features.{blocks.Length + 1}", x, 6 * blocks[^1].Channels, kernel: 1, HardSwish);
        x = builder.Linear("classifier.0", builder.GlobalAveragePool("avgpool", x), hidden);
        x = builder.Dropout("classifier.2", builder.Activation("classifier.1", x, HardSwish), 0.2);
        builder.Linear("classifier.3", x, classes);
        return builder.Build();
    }

    private static string Add(NetworkBuilder builder, string name, string input, Block block)
    {
        var width = builder.Shape(input).Channels;
        return block.Stride == 1 && width == block.Channels
            ? builder.Residual($"{name}.add", input, Branch)
            : Branch(input);

        string Branch(string x)
        {
            var part = 0;
            if (block.Inner != width)
                x = Convolve(builder, $"{name}.block.{part++}", x, block.Inner, kernel: 1, block.Function);
            x = Convolve(
                builder,
                $"{name}.block.{part++}",
                x,
                block.Inner,
                block.Kernel,
                block.Function,
                block.Stride,
                groups: block.Inner);
            if (block.Squeezes)
            {
                x = SqueezeExcitation.Add(
                    builder,
                    $"{name}.block.{part++}",
                    x,
                    SqueezeExcitation.RoundToEight(block.Inner / 4),
                    Relu,
                    HardSigmoid);
            }
            return Norm(
                builder,
                $"{name}.block.{part}",
                builder.Convolution($"{name}.block.{part}.0", x, block.Channels, kernel: 1));
        }
    }

    private static string Convolve(
        NetworkBuilder builder,
        string name,
        string input,
        int channels,
        int kernel,
        ActivationFunction function,
        int stride = 1,
        int groups = 1) =>
        builder.Activation(
            $"{name}.2",
            Norm(builder, name, builder.Convolution($"{name}.0", input, channels, kernel, stride, groups: groups)),
            function);

    private static string Norm(NetworkBuilder builder, string name, string input) =>
        builder.BatchNorm($"{name}.1", input, epsilon: 1e-3, momentum: 0.01);

    /// <summary>An inverted residual block.</summary>
    private sealed record Block(
        int Kernel, int Inner, int Channels, bool Squeezes, ActivationFunction Function, int Stride);
}
