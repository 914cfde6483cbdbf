namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// VGG with batch-norm for small images, with the head of "Pruning Filters for Efficient ConvNets" (Li et al., ICLR
/// 2017): convolutions without bias, 2x2 average pooling, a linear layer of 512 with norm and ReLU, and the classifier.
/// </summary>
internal static class CifarVgg
{
    public static IEnumerable<NetworkArchitecture> All => [.. Vgg.Stages.Keys.Select(OfDepth)];

    private static NetworkArchitecture OfDepth(int depth) =>
        new($"vgg{depth}-bn-cifar", new(3, 32, 32), (input, classes) =>
        {
            var builder = new NetworkBuilder($"vgg{depth}-bn-cifar", input);
            var x = Vgg.Features(builder, depth, bias: false, (name, x) =>
                builder.AveragePool(name, x, kernel: 2, stride: 2));
            x = builder.Linear("classifier.0", builder.Flatten("flatten", x), 512);
            x = builder.Relu("classifier.2", builder.BatchNorm("classifier.1", x));
            builder.Linear("classifier.3", x, classes);
            return builder.Build();
        });
}
