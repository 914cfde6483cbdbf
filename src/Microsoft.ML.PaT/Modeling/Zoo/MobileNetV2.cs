namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// MobileNetV2 (Sandler et al., CVPR 2018), as in torchvision: a block expands, filters depthwise and projects, without
/// an activation at its end.
/// </summary>
internal static class MobileNetV2
{
    /// <summary>Expansion factor, channels, number of blocks, and stride of the first block.</summary>
    private static readonly (int Factor, int Channels, int Blocks, int Stride)[] s_stages =
    [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    public static IEnumerable<NetworkArchitecture> All => [new("mobilenet_v2", new(3, 224, 224), Build)];

    private static NetworkDefinition Build(ImageShape input, int classes)
    {
        var builder = new NetworkBuilder("mobilenet_v2", input);
        var x = Convolve(builder, "features.0", NetworkDefinition.InputName, 32, kernel: 3, stride: 2);
        var index = 1;
        foreach (var (factor, channels, blocks, stride) in s_stages)
        {
            for (var b = 0; b < blocks; b++)
                x = Block(builder, $"features.{index++}", x, factor, channels, b == 0 ? stride : 1);
        }
        x = Convolve(builder, $"features.{index}", x, 1280, kernel: 1);
        x = builder.Dropout("classifier.0", builder.GlobalAveragePool("avgpool", x), 0.2);
        builder.Linear("classifier.1", x, classes);
        return builder.Build();
    }

    private static string Block(NetworkBuilder builder, string name, string input, int factor, int channels, int stride)
    {
        var width = builder.Shape(input).Channels;
        return stride == 1 && width == channels ? builder.Residual($"{name}.add", input, Branch) : Branch(input);

        string Branch(string x)
        {
            var part = 0;
            if (factor != 1) x = Convolve(builder, $"{name}.conv.{part++}", x, width * factor, kernel: 1);
            x = Convolve(
                builder, $"{name}.conv.{part++}", x, width * factor, kernel: 3, stride, groups: width * factor);
            x = builder.Convolution($"{name}.conv.{part++}", x, channels, kernel: 1);
            return builder.BatchNorm($"{name}.conv.{part}", x);
        }
    }

    private static string Convolve(
        NetworkBuilder builder, string name, string input, int channels, int kernel, int stride = 1, int groups = 1)
    {
        var x = builder.Convolution($"{name}.0", input, channels, kernel, stride, groups: groups);
        return builder.Activation($"{name}.2", builder.BatchNorm($"{name}.1", x), ActivationFunction.Relu6);
    }
}
