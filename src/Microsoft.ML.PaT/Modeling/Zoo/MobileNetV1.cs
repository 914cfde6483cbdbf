using System.Globalization;

namespace Microsoft.ML.PaT.Modeling.Zoo;

/// <summary>
/// MobileNet (Howard et al., 2017): alternating depthwise and pointwise convolutions. Names of narrower networks end in
/// the width multiplier: <c>mobilenet_v1_x0_25</c>.
/// </summary>
internal static class MobileNetV1
{
    /// <summary>Channels and stride of each pair of convolutions.</summary>
    private static readonly (int Channels, int Stride)[] s_pairs =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
        (1024, 2), (1024, 1),
    ];

    public static IEnumerable<NetworkArchitecture> All => [.. new[] { 1, 0.75, 0.5, 0.25 }.Select(OfWidth)];

    private static NetworkArchitecture OfWidth(double factor)
    {
        var name =
            "mobilenet_v1"
            + (factor == 1 ? "" : "_x" + factor.ToString(CultureInfo.InvariantCulture).Replace('.', '_'));
        return new(name, new(3, 224, 224), (input, classes) =>
        {
            var builder = new NetworkBuilder(name, input);
            var x =
                builder.Convolution("model.0.0", NetworkDefinition.InputName, (int)(32 * factor), kernel: 3, stride: 2);
            x = builder.Relu("model.0.2", builder.BatchNorm("model.0.1", x));
            for (var i = 0; i < s_pairs.Length; i++)
            {
                var (channels, stride) = s_pairs[i];
                var (block, width) = ($"model.{i + 1}", builder.Shape(x).Channels);
                x = builder.Convolution($"{block}.0", x, width, kernel: 3, stride, groups: width);
                x = builder.Relu($"{block}.2", builder.BatchNorm($"{block}.1", x));
                x = builder.Convolution($"{block}.3", x, (int)(channels * factor), kernel: 1);
                x = builder.Relu($"{block}.5", builder.BatchNorm($"{block}.4", x));
            }
            builder.Linear("fc", builder.GlobalAveragePool("avgpool", x), classes);
            return builder.Build();
        });
    }
}
