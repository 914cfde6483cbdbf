namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// VGG with batch-norm for large images (Simonyan and Zisserman, ICLR 2015), as in torchvision: convolutions with bias,
/// pooling to 7x7, three linear layers.
/// </summary>
internal static class Vgg
{
    /// <summary>By depth: the number of 3x3 convolutions before each halving of the image.</summary>
    public static IReadOnlyDictionary<int, int[]> Stages { get; } = new Dictionary<int, int[]>
    {
        [11] = [1, 1, 2, 2, 2],
        [13] = [2, 2, 2, 2, 2],
        [16] = [2, 2, 3, 3, 3],
        [19] = [2, 2, 4, 4, 4],
    };

    private static readonly int[] s_widths = [64, 128, 256, 512, 512];

    public static IEnumerable<NetworkArchitecture> All => [.. Stages.Keys.Select(OfDepth)];

    /// <summary>Adds the convolutions, each with norm and ReLU, numbered as in torchvision.</summary>
    /// <param name="bias">Whether the convolutions have a bias.</param>
    /// <param name="lastPool">Adds the last pooling layer, given its name and input.</param>
    public static string Features(NetworkBuilder builder, int depth, bool bias, Func<string, string, string> lastPool)
    {
        var x = NetworkDefinition.InputName;
        var index = 0;
        for (var stage = 0; stage < s_widths.Length; stage++)
        {
            for (var i = 0; i < Stages[depth][stage]; i++)
            {
                x = builder.Convolution($"features.{index++}", x, s_widths[stage], kernel: 3, bias: bias);
                x = builder.BatchNorm($"features.{index++}", x);
                x = builder.Relu($"features.{index++}", x);
            }
            var pool = $"features.{index++}";
            x = stage == s_widths.Length - 1 ? lastPool(pool, x) : builder.MaxPool(pool, x, kernel: 2, stride: 2);
        }
        return x;
    }

    private static NetworkArchitecture OfDepth(int depth) => new($"vgg{depth}_bn", new(3, 224, 224), (input, classes) =>
    {
        var builder = new NetworkBuilder($"vgg{depth}_bn", input);
        var x = Features(builder, depth, bias: true, (name, x) => builder.MaxPool(name, x, kernel: 2, stride: 2));
        x = builder.Flatten("flatten", builder.AdaptiveAveragePool("avgpool", x, 7, 7));
        x = builder.Dropout("classifier.2", builder.Relu("classifier.1", builder.Linear("classifier.0", x, 4096)), 0.5);
        x = builder.Dropout("classifier.5", builder.Relu("classifier.4", builder.Linear("classifier.3", x, 4096)), 0.5);
        builder.Linear("classifier.6", x, classes);
        return builder.Build();
    });
}
