namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// GoogLeNet (Szegedy et al., CVPR 2015) with batch-norm and without the auxiliary classifiers, as in torchvision for
/// inference: blocks concatenate four parallel branches.
/// </summary>
internal static class GoogLeNet
{
    private static readonly Inception[][] s_stages =
    [
        [new("3a", 64, 96, 128, 16, 32, 32), new("3b", 128, 128, 192, 32, 96, 64)],
        [
            new("4a", 192, 96, 208, 16, 48, 64), new("4b", 160, 112, 224, 24, 64, 64),
            new("4c", 128, 128, 256, 24, 64, 64),
            new("4d", 112, 144, 288, 32, 64, 64), new("4e", 256, 160, 320, 32, 128, 128),
        ],
        [new("5a", 256, 160, 320, 32, 128, 128), new("5b", 384, 192, 384, 48, 128, 128)],
    ];

    /// <summary>Kernel sizes of the pools between the stages.</summary>
    private static readonly int[] s_pools = [3, 2];

    public static IEnumerable<NetworkArchitecture> All => [new("googlenet", new(3, 224, 224), Build)];

    private static NetworkDefinition Build(ImageShape input, int classes)
    {
        var builder = new NetworkBuilder("googlenet", input);
        var x = Convolve(builder, "conv1", NetworkDefinition.InputName, 64, kernel: 7, stride: 2);
        x = builder.MaxPool("maxpool1", x, kernel: 3, stride: 2, roundUp: true);
        x = Convolve(builder, "conv3", Convolve(builder, "conv2", x, 64, kernel: 1), 192, kernel: 3);
        x = builder.MaxPool("maxpool2", x, kernel: 3, stride: 2, roundUp: true);
        for (var stage = 0; stage < s_stages.Length; stage++)
        {
            foreach (var block in s_stages[stage]) x = Add(builder, $"inception{block.Name}", x, block);
            if (stage < s_pools.Length)
                x = builder.MaxPool($"maxpool{stage + 3}", x, s_pools[stage], stride: 2, roundUp: true);
        }
        x = builder.Dropout("dropout", builder.GlobalAveragePool("avgpool", x), 0.2);
        builder.Linear("fc", x, classes);
        return builder.Build();
    }

    private static string Add(NetworkBuilder builder, string name, string input, Inception block) =>
        builder.Branches(
            $"{name}.concat",
            input,
            x => Convolve(builder, $"{name}.branch1", x, block.Direct, kernel: 1),
            x =>
                Convolve(
                    builder,
                    $"{name}.branch2.1",
                    Convolve(builder, $"{name}.branch2.0", x, block.Reduced, kernel: 1),
                    block.Middle,
                    kernel: 3),
            // The paper has a 5x5 convolution; torchvision and its weights have 3x3.
            x =>
                Convolve(
                    builder,
                    $"{name}.branch3.1",
                    Convolve(builder, $"{name}.branch3.0", x, block.ReducedMore, kernel: 1),
                    block.Large,
                    kernel: 3),
            x =>
                Convolve(
                    builder,
                    $"{name}.branch4.1",
                    builder.MaxPool($"{name}.branch4.0", x, kernel: 3, stride: 1, padding: 1),
                    block.Pooled,
                    kernel: 1));

    private static string Convolve(
        NetworkBuilder builder, string name, string input, int channels, int kernel, int stride = 1)
    {
        var x = builder.Convolution($"{name}.conv", input, channels, kernel, stride);
        return builder.Relu($"{name}.relu", builder.BatchNorm($"{name}.bn", x, epsilon: 1e-3));
    }

    /// <summary>Channels of a block's branches: 1x1; 1x1 then 3x3; 1x1 then the larger kernel; pool then 1x1.</summary>
    private sealed record Inception(
        string Name, int Direct, int Reduced, int Middle, int ReducedMore, int Large, int Pooled);
}
