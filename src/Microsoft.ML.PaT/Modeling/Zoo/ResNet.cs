namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// Residual networks for large images, as in torchvision: ResNet (He et al., CVPR 2016), ResNeXt with grouped
/// convolutions (Xie et al., CVPR 2017) and wide ResNet (Zagoruyko and Komodakis, BMVC 2016).
/// </summary>
internal static class ResNet
{
    private static readonly int[] s_widths = [64, 128, 256, 512];

    public static IEnumerable<NetworkArchitecture> All =>
    [
        OfBasicBlocks("resnet18", [2, 2, 2, 2]),
        OfBasicBlocks("resnet34", [3, 4, 6, 3]),
        OfBottlenecks("resnet50", [3, 4, 6, 3]),
        OfBottlenecks("resnet101", [3, 4, 23, 3]),
        OfBottlenecks("resnet152", [3, 8, 36, 3]),
        OfBottlenecks("resnext50_32x4d", [3, 4, 6, 3], innerFactor: 2, groups: 32),
        OfBottlenecks("wide_resnet50_2", [3, 4, 6, 3], innerFactor: 2),
    ];

    private static NetworkArchitecture OfBasicBlocks(string name, int[] blocks) =>
        new(name, new(3, 224, 224), (input, classes) =>
            Build(new(name, input), blocks, classes, expansion: 1, (builder, block, x, width, stride, shortcut) =>
                ResidualBlocks.Basic(builder, block, x, width, stride, shortcut)));

    private static NetworkArchitecture OfBottlenecks(string name, int[] blocks, int innerFactor = 1, int groups = 1) =>
        new(name, new(3, 224, 224), (input, classes) =>
            Build(new(name, input), blocks, classes, expansion: 4, (builder, block, x, width, stride, shortcut) =>
                ResidualBlocks.Bottleneck(
                    builder, block, x, width * innerFactor, width * 4, stride, groups, shortcut)));

    private static NetworkDefinition Build(NetworkBuilder builder, int[] blocks, int classes, int expansion,
        Func<NetworkBuilder, string, string, int, int, Func<string, string>?, string> block)
    {
        var x = builder.Convolution("conv1", NetworkDefinition.InputName, s_widths[0], kernel: 7, stride: 2);
        x = builder.Relu("relu", builder.BatchNorm("bn1", x));
        x = builder.MaxPool("maxpool", x, kernel: 3, stride: 2, padding: 1);
        for (var stage = 0; stage < s_widths.Length; stage++)
        {
            for (var b = 0; b < blocks[stage]; b++)
            {
                var name = $"layer{stage + 1}.{b}";
                int stride = stage > 0 && b == 0 ? 2 : 1, width = s_widths[stage] * expansion;
                var shortcut =
                    builder.Shape(x).Channels == width ? null : ResidualBlocks.Projection(builder, name, width, stride);
                x = block(builder, name, x, s_widths[stage], stride, shortcut);
            }
        }
        builder.Linear("fc", builder.GlobalAveragePool("avgpool", x), classes);
        return builder.Build();
    }
}
