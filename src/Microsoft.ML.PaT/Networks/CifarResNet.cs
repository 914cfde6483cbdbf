namespace Microsoft.ML.PaT;

/// <summary>
/// The residual networks for small pictures (He et al., CVPR 2016, section 4.2): a 3x3 stem, three stages of 16, 32 and 64 channels with
/// n = (depth - 2) / 6 basic blocks each, global pooling, one linear layer. Shortcuts across stages are 1x1 convolutions (option B).
/// Parameter names are torchvision's.
/// </summary>
internal static class CifarResNet
{
    private static readonly int[] s_widths = [16, 32, 64];

    public static bool Exists(int depth) => depth is >= 8 and <= 1202 && (depth - 2) % 6 == 0;

    public static NetworkArchitecture OfDepth(int depth)
    {
        var name = $"resnet{depth}-cifar";
        return new(name, new(3, 32, 32), (input, classes) => Build(name, (depth - 2) / 6, input, classes));
    }

    private static NetworkDefinition Build(string name, int blocks, ImageShape input, int classes)
    {
        var builder = new NetworkBuilder(name, input);
        var x = builder.Convolution("conv1", NetworkDefinition.InputName, s_widths[0], kernel: 3);
        x = builder.Relu("relu", builder.BatchNorm("bn1", x));
        var width = s_widths[0];
        for (var stage = 0; stage < s_widths.Length; stage++)
        {
            for (var block = 0; block < blocks; block++)
            {
                var stride = stage > 0 && block == 0 ? 2 : 1;
                x = BasicBlock(builder, $"layer{stage + 1}.{block}", x, s_widths[stage], stride, project: width != s_widths[stage]);
                width = s_widths[stage];
            }
        }
        builder.Linear("fc", builder.GlobalAveragePool("avgpool", x), classes);
        return builder.Build();
    }

    private static string BasicBlock(NetworkBuilder builder, string name, string input, int width, int stride, bool project)
    {
        var x = builder.Convolution($"{name}.conv1", input, width, kernel: 3, stride);
        x = builder.Relu($"{name}.relu1", builder.BatchNorm($"{name}.bn1", x));
        x = builder.Convolution($"{name}.conv2", x, width, kernel: 3);
        x = builder.BatchNorm($"{name}.bn2", x);
        var shortcut = input;
        if (project)
        {
            shortcut = builder.Convolution($"{name}.downsample.0", input, width, kernel: 1, stride);
            shortcut = builder.BatchNorm($"{name}.downsample.1", shortcut);
        }
        return builder.Relu($"{name}.relu2", builder.Sum($"{name}.add", x, shortcut));
    }
}
