using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.PaT.Modeling.Zoo;

namespace Microsoft.ML.PaT;

/// <summary>The networks that come with the library. Those for large images go by torchvision's names, and so do their parameters.</summary>
public static partial class Networks
{
    private static readonly Dictionary<string, NetworkArchitecture> s_known = new[]
    {
        CifarResNet.All, CifarVgg.All, ResNet.All, Vgg.All, MobileNetV1.All, MobileNetV2.All, MobileNetV3.All,
        DenseNet.All, GoogLeNet.All, ShuffleNetV2.All, SqueezeNet.All, EfficientNet.All, ConvNeXt.All, VisionTransformer.All,
    }.SelectMany(family => family).ToDictionary(a => a.Name);

    /// <summary>CIFAR ResNets of other depths that were asked for.</summary>
    private static readonly ConcurrentDictionary<string, NetworkArchitecture> s_otherDepths = [];

    /// <summary>ResNet-20 for 32x32 images, <c>resnet20-cifar</c>: 272,474 parameters at ten classes.</summary>
    public static NetworkArchitecture ResNet20 { get; } = ByName("resnet20-cifar");

    /// <summary>ResNet-32 for 32x32 images, <c>resnet32-cifar</c>.</summary>
    public static NetworkArchitecture ResNet32 { get; } = ByName("resnet32-cifar");

    /// <summary>ResNet-44 for 32x32 images, <c>resnet44-cifar</c>.</summary>
    public static NetworkArchitecture ResNet44 { get; } = ByName("resnet44-cifar");

    /// <summary>ResNet-56 for 32x32 images, <c>resnet56-cifar</c>.</summary>
    public static NetworkArchitecture ResNet56 { get; } = ByName("resnet56-cifar");

    /// <summary>ResNet-110 for 32x32 images, <c>resnet110-cifar</c>.</summary>
    public static NetworkArchitecture ResNet110 { get; } = ByName("resnet110-cifar");

    /// <summary>All names that <see cref="ByName"/> lists; CIFAR ResNets of other depths 6n + 2 from 8 to 1202 work too.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_known.Keys];

    /// <summary>Finds a network: <c>mobilenet_v2</c>, <c>resnet20-cifar</c>, or <c>resnet20</c> for short where torchvision has none of that name.</summary>
    /// <exception cref="InvalidOptionsException">There is none of that name; the message lists those there are.</exception>
    public static NetworkArchitecture ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (s_known.TryGetValue(name, out var known)) return known;
        var match = CifarResNetName().Match(name);
        if (match.Success && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var depth) && CifarResNet.Exists(depth))
            return Cached(CifarResNet.OfDepth(depth, match.Groups[2].Value == "-cifar-a"));
        throw new InvalidOptionsException(ErrorCodes.NetworkUnknown, $"There is no network '{name}'. Known: {string.Join(", ", Names)} (resnet20 is short for resnet20-cifar; any depth 6n + 2 works).");
    }

    /// <summary>Whether a name is enough to find it again.</summary>
    internal static bool Has(NetworkArchitecture architecture) =>
        ReferenceEquals(s_known.GetValueOrDefault(architecture.Name), architecture)
        || ReferenceEquals(s_otherDepths.GetValueOrDefault(architecture.Name), architecture);

    /// <summary>The one instance of its name.</summary>
    private static NetworkArchitecture Cached(NetworkArchitecture made) =>
        s_known.GetValueOrDefault(made.Name) ?? s_otherDepths.GetOrAdd(made.Name, made);

    [GeneratedRegex("^resnet([0-9]{1,4})(-cifar|-cifar-a)?$")]
    private static partial Regex CifarResNetName();
}
