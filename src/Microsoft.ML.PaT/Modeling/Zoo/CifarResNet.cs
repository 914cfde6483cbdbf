namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// Residual networks for small images (He et al., CVPR 2016, section 4.2): a 3x3 stem, three stages of 16, 32 and 64
/// channels with n = (depth - 2) / 6 basic blocks each, global pooling, one linear layer. Shortcuts between stages are
/// 1x1 convolutions (option B), or zero padding of channels (option A, named <c>-cifar-a</c>). Parameter names are
/// torchvision's.
/// </summary>
internal static class CifarResNet
{
    private static readonly int[] s_widths = [16, 32, 64];
    private static readonly int[] s_depths = [20, 32, 44, 56, 110];

    public static IEnumerable<NetworkArchitecture> All =>
        [.. s_depths.Select(d => OfDepth(d)), .. s_depths.Select(d => OfDepth(d, zeroPad: true)), Preactivated(110)];

    public static bool Exists(int depth) => depth is >= 8 and <= 1202 && (depth - 2) % 6 == 0;

    /// <summary>The shortcut is option A with zeroPad, otherwise option B.</summary>
    public static NetworkArchitecture OfDepth(int depth, bool zeroPad = false)
    {
        var name = zeroPad ? $"resnet{depth}-cifar-a" : $"resnet{depth}-cifar";
        return new(name, new(3, 32, 32), (input, classes) =>
        {
            var builder = new NetworkBuilder(name, input);
            var x = builder.Convolution("conv1", NetworkDefinition.InputName, s_widths[0], kernel: 3);
            x = builder.Relu("relu", builder.BatchNorm("bn1", x));
            x = Stages(x, depth, (block, x, width, stride) =>
            {
                var shortcut = zeroPad
                    ? y => builder.ZeroPad($"{block}.pad", y, width, stride)
                    : ResidualBlocks.Projection(builder, block, width, stride);
                return ResidualBlocks.Basic(
                    builder, block, x, width, stride, builder.Shape(x).Channels == width ? null : shortcut);
            });
            return Classify(builder, x, classes);
        });
    }

    /// <summary>Norms precede the convolutions (He et al., ECCV 2016).</summary>
    private static NetworkArchitecture Preactivated(int depth)
    {
        var name = $"preresnet{depth}-cifar";
        return new(name, new(3, 32, 32), (input, classes) =>
        {
            var builder = new NetworkBuilder(name, input);
            var x = builder.Convolution("conv1", NetworkDefinition.InputName, s_widths[0], kernel: 3);
            x = Stages(x, depth, (block, x, width, stride) =>
                ResidualBlocks.Preactivated(builder, block, x, width, stride));
            return Classify(builder, builder.Relu("relu", builder.BatchNorm("bn", x)), classes);
        });
    }

    private static string Stages(string x, int depth, Func<string, string, int, int, string> block)
    {
        for (var stage = 0; stage < s_widths.Length; stage++)
        {
            for (var b = 0; b < (depth - 2) / 6; b++)
                x = block($"layer{stage + 1}.{b}", x, s_widths[stage], stage > 0 && b == 0 ? 2 : 1);
        }
        return x;
    }

    private static NetworkDefinition Classify(NetworkBuilder builder, string x, int classes)
    {
        builder.Linear("fc", builder.GlobalAveragePool("avgpool", x), classes);
        return builder.Build();
    }
}
