using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.PaT;

/// <summary>The networks that come with the library.</summary>
public static partial class Networks
{
    private static readonly int[] s_depths = [20, 32, 44, 56, 110];

    /// <summary>ResNet-20 for 32x32 pictures, <c>resnet20-cifar</c>: 272,474 parameters at ten classes.</summary>
    public static NetworkArchitecture ResNet20 { get; } = CifarResNet.OfDepth(20);

    /// <summary>ResNet-32 for 32x32 pictures, <c>resnet32-cifar</c>.</summary>
    public static NetworkArchitecture ResNet32 { get; } = CifarResNet.OfDepth(32);

    /// <summary>ResNet-44 for 32x32 pictures, <c>resnet44-cifar</c>.</summary>
    public static NetworkArchitecture ResNet44 { get; } = CifarResNet.OfDepth(44);

    /// <summary>ResNet-56 for 32x32 pictures, <c>resnet56-cifar</c>.</summary>
    public static NetworkArchitecture ResNet56 { get; } = CifarResNet.OfDepth(56);

    /// <summary>ResNet-110 for 32x32 pictures, <c>resnet110-cifar</c>.</summary>
    public static NetworkArchitecture ResNet110 { get; } = CifarResNet.OfDepth(110);

    /// <summary>All names that <see cref="ByName"/> lists; other depths 6n + 2 from 8 to 1202 work too.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_depths.Select(d => $"resnet{d}-cifar")];

    /// <summary>Finds a network: <c>resnet20-cifar</c>, or <c>resnet20</c> for short.</summary>
    /// <exception cref="InvalidOptionsException">There is none of that name; the message lists those there are.</exception>
    public static NetworkArchitecture ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var match = CifarResNetName().Match(name);
        if (match.Success && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var depth) && CifarResNet.Exists(depth))
            return CifarResNet.OfDepth(depth);
        throw new InvalidOptionsException($"There is no network '{name}'. Known: {string.Join(", ", Names)} (resnet20 is short for resnet20-cifar; any depth 6n + 2 works).");
    }

    [GeneratedRegex("^resnet([0-9]{1,4})(-cifar)?$")]
    private static partial Regex CifarResNetName();
}
