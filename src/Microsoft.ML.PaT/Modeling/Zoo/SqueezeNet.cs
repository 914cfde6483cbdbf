namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// SqueezeNet (Iandola et al., 2016): blocks squeeze, then expand with parallel 1x1 and 3x3 convolutions; the class
/// scores are the means of a last convolution. <c>squeezenet1_0</c> and <c>squeezenet1_1</c> are torchvision's. The
/// <c>_bn</c> variants, which torchvision does not have, use a batch-norm in place of the bias of every convolution but
/// the last; its name is that of the convolution plus <c>_bn</c>.
/// </summary>
internal static class SqueezeNet
{
    /// <summary>Channels after the squeeze and of each of the two expanding convolutions, by block.</summary>
    private static readonly (int Squeezed, int Expanded)[] s_blocks =
        [(16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)];

    public static IEnumerable<NetworkArchitecture> All =>
    [
        Of("squeezenet1_0", stem: 96, stemKernel: 7, halveBefore: [0, 3, 7], norms: false),
        Of("squeezenet1_1", stem: 64, stemKernel: 3, halveBefore: [0, 2, 4], norms: false),
        Of("squeezenet1_0_bn", stem: 96, stemKernel: 7, halveBefore: [0, 3, 7], norms: true),
        Of("squeezenet1_1_bn", stem: 64, stemKernel: 3, halveBefore: [0, 2, 4], norms: true),
    ];

    private static NetworkArchitecture Of(string name, int stem, int stemKernel, int[] halveBefore, bool norms) =>
        new(name, new(3, 224, 224), (input, classes) =>
        {
            var builder = new NetworkBuilder(name, input);
            var x = Convolve(
                "features.0", NetworkDefinition.InputName, stem, stemKernel, "features.1", stride: 2, padding: 0);
            var index = 2;
            for (var block = 0; block < s_blocks.Length; block++)
            {
                if (halveBefore.Contains(block))
                    x = builder.MaxPool($"features.{index++}", x, kernel: 3, stride: 2, roundUp: true);
                var (fire, (squeezed, expanded)) = ($"features.{index++}", s_blocks[block]);
                x = Expandable($"{fire}.squeeze", x, squeezed, kernel: 1);
                x = builder.Branches(
                    $"{fire}.concat",
                    x,
                    y => Expandable($"{fire}.expand1x1", y, expanded, kernel: 1),
                    y => Expandable($"{fire}.expand3x3", y, expanded, kernel: 3));
            }
            x = builder.Convolution(
                "classifier.1", builder.Dropout("classifier.0", x, 0.5), classes, kernel: 1, bias: true);
            builder.GlobalAveragePool("classifier.3", builder.Relu("classifier.2", x));
            return builder.Build();

            string Expandable(string name, string input, int channels, int kernel) =>
                Convolve(name, input, channels, kernel, $"{name}_activation");

            string Convolve(
                string name,
                string input,
                int channels,
                int kernel,
                string activation,
                int stride = 1,
                int? padding = null)
            {
                var x = builder.Convolution(name, input, channels, kernel, stride, padding, bias: !norms);
                return builder.Relu(activation, norms ? builder.BatchNorm($"{name}_bn", x) : x);
            }
        });
}
