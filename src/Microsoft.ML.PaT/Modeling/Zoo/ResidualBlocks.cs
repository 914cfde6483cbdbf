namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>Blocks of residual networks with torchvision's names.</summary>
internal static class ResidualBlocks
{
    /// <summary>Two 3x3 convolutions and a shortcut (He et al., CVPR 2016).</summary>
    public static string Basic(
        NetworkBuilder builder, string name, string input, int width, int stride, Func<string, string>? shortcut) =>
        builder.Relu(
            $"{name}.relu2",
            builder.Residual(
                $"{name}.add",
                input,
                x =>
                {
                    x = builder.Convolution($"{name}.conv1", x, width, kernel: 3, stride);
                    x = builder.Relu($"{name}.relu1", builder.BatchNorm($"{name}.bn1", x));
                    x = builder.Convolution($"{name}.conv2", x, width, kernel: 3);
                    return builder.BatchNorm($"{name}.bn2", x);
                },
                shortcut));

    /// <summary>
    /// 1x1, 3x3 and 1x1 convolutions and a shortcut. The 3x3 convolution has the stride, as in torchvision.
    /// </summary>
    public static string Bottleneck(
        NetworkBuilder builder,
        string name,
        string input,
        int inner,
        int width,
        int stride,
        int groups,
        Func<string, string>? shortcut) =>
        builder.Relu(
            $"{name}.relu3",
            builder.Residual(
                $"{name}.add",
                input,
                x =>
                {
                    x = builder.Convolution($"{name}.conv1", x, inner, kernel: 1);
                    x = builder.Relu($"{name}.relu1", builder.BatchNorm($"{name}.bn1", x));
                    x = builder.Convolution($"{name}.conv2", x, inner, kernel: 3, stride, groups: groups);
                    x = builder.Relu($"{name}.relu2", builder.BatchNorm($"{name}.bn2", x));
                    x = builder.Convolution($"{name}.conv3", x, width, kernel: 1);
                    return builder.BatchNorm($"{name}.bn3", x);
                },
                shortcut));

    /// <summary>
    /// Norms and ReLUs precede the convolutions (He et al., ECCV 2016). A projection reads the output of the first norm
    /// and ReLU.
    /// </summary>
    public static string Preactivated(NetworkBuilder builder, string name, string input, int width, int stride)
    {
        var start = builder.Relu($"{name}.relu1", builder.BatchNorm($"{name}.bn1", input));
        var x = builder.Convolution($"{name}.conv1", start, width, kernel: 3, stride);
        x = builder.Relu($"{name}.relu2", builder.BatchNorm($"{name}.bn2", x));
        x = builder.Convolution($"{name}.conv2", x, width, kernel: 3);
        var changes = stride != 1 || builder.Shape(input).Channels != width;
        return builder.Sum(
            $"{name}.add",
            x,
            changes ? builder.Convolution($"{name}.downsample", start, width, kernel: 1, stride) : input);
    }

    /// <summary>A 1x1 convolution and a norm: the shortcut where the shape changes (option B).</summary>
    public static Func<string, string> Projection(NetworkBuilder builder, string name, int width, int stride) =>
        x =>
            builder.BatchNorm(
                $"{name}.downsample.1", builder.Convolution($"{name}.downsample.0", x, width, kernel: 1, stride));
}
