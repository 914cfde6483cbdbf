using Microsoft.ML.PaT.Modeling.Zoo;
using Microsoft.ML.PaT.Pruning;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>
/// What is trained: the library's networks for ten classes, files, half of ResNet-20, a quarter of VGG-11, and
/// ResNet-18 with a stem for images of 32x32 pixels.
/// </summary>
internal static class BenchmarkNetworks
{
    public static NetworkDefinition Find(string name, int size) => name switch
    {
        "resnet20-half" => Narrow(Networks.ResNet20, size, divisor: 2),
        "vgg11-quarter" => Narrow(Networks.ByName("vgg11-bn-cifar"), size, divisor: 4),
        "resnet18-cifar-stem" => ResNet18WithCifarStem(size),
        _ when File.Exists(name) => NetworkDefinition.FromJson(File.ReadAllText(name)),
        _ => Networks.ByName(name).Build(new(3, size, size), 10),
    };

    /// <summary>The network with one of every <paramref name="divisor"/> channels of every group.</summary>
    private static NetworkDefinition Narrow(NetworkArchitecture architecture, int size, int divisor)
    {
        var groups = ChannelGroups.Of(architecture.Build(new(3, size, size), 10));
        return new ChannelPruner(
            groups,
            new(groups.Groups.ToDictionary(g => g.Name, g => Enumerable.Range(0, g.Width / divisor).ToArray())))
            .Definition;
    }

    /// <summary>A 3x3 convolution at stride 1, and no pooling, in place of the 7x7 stem.</summary>
    private static NetworkDefinition ResNet18WithCifarStem(int size)
    {
        var net = new NetworkBuilder("resnet18-cifar-stem", new(3, size, size));
        var x = net.Relu(
            "relu", net.BatchNorm("bn1", net.Convolution("conv1", NetworkDefinition.InputName, 64, kernel: 3)));
        var before = 64;
        foreach (var (stage, width) in new[] { 64, 128, 256, 512 }.Index())
        {
            for (var block = 0; block < 2; block++)
            {
                var name = $"layer{stage + 1}.{block}";
                var stride = stage > 0 && block == 0 ? 2 : 1;
                x = ResidualBlocks.Basic(
                    net,
                    name,
                    x,
                    width,
                    stride,
                    before == width ? null : ResidualBlocks.Projection(net, name, width, stride));
                before = width;
            }
        }
        net.Linear("fc", net.GlobalAveragePool("avgpool", x), outputs: 10);
        return net.Build();
    }
}
