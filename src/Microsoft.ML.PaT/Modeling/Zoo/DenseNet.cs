namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// DenseNets (Huang et al., CVPR 2017): every layer reads the channels of all previous layers of its block and adds a
/// few. Those for large images are torchvision's, with bottlenecks and halving transitions; <c>densenet40-cifar</c> is
/// the paper's plain network for small images.
/// </summary>
internal static class DenseNet
{
    /// <summary>Channels of the 1x1 convolution before each 3x3 convolution, in multiples of the growth rate.</summary>
    private const int BottleneckFactor = 4;

    public static IEnumerable<NetworkArchitecture> All =>
    [
        OfBlocks("densenet121", [6, 12, 24, 16], growth: 32, stem: 64),
        OfBlocks("densenet161", [6, 12, 36, 24], growth: 48, stem: 96),
        OfBlocks("densenet169", [6, 12, 32, 32], growth: 32, stem: 64),
        OfBlocks("densenet201", [6, 12, 48, 32], growth: 32, stem: 64),
        Plain("densenet40-cifar", depth: 40, growth: 12, stem: 16),
    ];

    private static NetworkArchitecture OfBlocks(string name, int[] layers, int growth, int stem) =>
        new(name, new(3, 224, 224), (input, classes) =>
        {
            var builder = new NetworkBuilder(name, input);
            var x = builder.Convolution("features.conv0", NetworkDefinition.InputName, stem, kernel: 7, stride: 2);
            x = builder.Relu("features.relu0", builder.BatchNorm("features.norm0", x));
            x = builder.MaxPool("features.pool0", x, kernel: 3, stride: 2, padding: 1);
            return Blocks(builder, x, layers, classes, compression: 0.5, (layer, x) =>
            {
                x = NormReluConvolution(builder, layer, "1", x, BottleneckFactor * growth, kernel: 1);
                return NormReluConvolution(builder, layer, "2", x, growth, kernel: 3);
            });
        });

    /// <summary>
    /// Without bottlenecks; transitions keep the width (table 2 of the paper, DenseNet with L and k).
    /// </summary>
    private static NetworkArchitecture Plain(string name, int depth, int growth, int stem) =>
        new(name, new(3, 32, 32), (input, classes) =>
        {
            const int Stages = 3;
            var builder = new NetworkBuilder(name, input);
            var x = builder.Convolution("features.conv0", NetworkDefinition.InputName, stem, kernel: 3);
            // The stem, the transitions and the classifier count as layers.
            int[] layers = [.. Enumerable.Repeat((depth - Stages - 1) / Stages, Stages)];
            return Blocks(builder, x, layers, classes, compression: 1, (layer, x) =>
                NormReluConvolution(builder, layer, "1", x, growth, kernel: 3));
        });

    private static NetworkDefinition Blocks(
        NetworkBuilder builder,
        string x,
        int[] layers,
        int classes,
        double compression,
        Func<string, string, string> grow)
    {
        for (var block = 1; block <= layers.Length; block++)
        {
            for (var i = 1; i <= layers[block - 1]; i++)
            {
                var layer = $"features.denseblock{block}.denselayer{i}";
                x = builder.Concatenate($"{layer}.concat", x, grow(layer, x));
            }
            if (block == layers.Length) break;
            var transition = $"features.transition{block}";
            x = NormReluConvolution(
                builder, transition, "", x, (int)(builder.Shape(x).Channels * compression), kernel: 1);
            x = builder.AveragePool($"{transition}.pool", x, kernel: 2, stride: 2);
        }
        x = builder.Relu("relu", builder.BatchNorm("features.norm5", x));
        builder.Linear("classifier", builder.GlobalAveragePool("avgpool", x), classes);
        return builder.Build();
    }

    private static string NormReluConvolution(
        NetworkBuilder builder, string name, string number, string input, int channels, int kernel)
    {
        var x = builder.Relu($"{name}.relu{number}", builder.BatchNorm($"{name}.norm{number}", input));
        return builder.Convolution($"{name}.conv{number}", x, channels, kernel);
    }
}
