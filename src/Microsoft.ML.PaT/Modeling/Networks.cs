using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.PaT.Modeling.Zoo;

namespace Microsoft.ML.PaT;

/// <summary>
/// The networks of the library. Those for large images, and their parameters, have torchvision's names.
/// </summary>
public static partial class Networks
{
    /// <summary>Maximum side, in pixels, of images for the networks for small images.</summary>
    internal const int LongestSmallSide = 64;

    private static readonly Dictionary<string, NetworkArchitecture> s_known = new[]
    {
        CifarResNet.All, CifarVgg.All, ResNet.All, Vgg.All, MobileNetV1.All, MobileNetV2.All, MobileNetV3.All,
        DenseNet.All, GoogLeNet.All, ShuffleNetV2.All, SqueezeNet.All, EfficientNet.All, ConvNeXt.All,
        VisionTransformer.All,
    }.SelectMany(family => family).ToDictionary(a => a.Name);

    /// <summary>CIFAR ResNets of other depths that have been requested.</summary>
    private static readonly ConcurrentDictionary<string, NetworkArchitecture> s_otherDepths = [];

    /// <summary>ResNet-20 for 32x32 images, <c>resnet20-cifar</c>: 272,474 parameters with ten classes.</summary>
    public static NetworkArchitecture ResNet20 { get; } = ByName("resnet20-cifar");

    /// <summary>ResNet-32 for 32x32 images, <c>resnet32-cifar</c>.</summary>
    public static NetworkArchitecture ResNet32 { get; } = ByName("resnet32-cifar");

    /// <summary>ResNet-44 for 32x32 images, <c>resnet44-cifar</c>.</summary>
    public static NetworkArchitecture ResNet44 { get; } = ByName("resnet44-cifar");

    /// <summary>ResNet-56 for 32x32 images, <c>resnet56-cifar</c>.</summary>
    public static NetworkArchitecture ResNet56 { get; } = ByName("resnet56-cifar");

    /// <summary>ResNet-110 for 32x32 images, <c>resnet110-cifar</c>.</summary>
    public static NetworkArchitecture ResNet110 { get; } = ByName("resnet110-cifar");

    /// <summary>
    /// Names that <see cref="ByName"/> accepts. CIFAR ResNets of other depths 6n + 2 from 8 to 1202 are accepted too.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_known.Keys];

    /// <summary>Returns the default network for images of a shape.</summary>
    /// <param name="images">Shape of the resized images, [3,H,W].</param>
    /// <returns><see cref="ResNet20"/> for sides of up to 64 pixels, otherwise <c>resnet18</c>.</returns>
    public static NetworkArchitecture Fitting(ImageShape images) =>
        Math.Max(images.Height, images.Width) <= LongestSmallSide ? ResNet20 : ByName("resnet18");

    /// <summary>
    /// Returns a network by name, such as <c>mobilenet_v2</c> or <c>resnet20-cifar</c>. The suffix may be omitted, as
    /// in <c>resnet20</c>, if torchvision has no network of that name.
    /// </summary>
    /// <exception cref="InvalidOptionsException">There is no such network; the message has the nearest
    /// names.</exception>
    public static NetworkArchitecture ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (s_known.TryGetValue(name, out var known)) return known;
        var match = CifarResNetName().Match(name);
        if (match.Success && int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var depth)
            && CifarResNet.Exists(depth))
        {
            return Cached(CifarResNet.OfDepth(depth, match.Groups[2].Value == "-cifar-a"));
        }
        throw new InvalidOptionsException(
            ErrorCodes.NetworkUnknown,
            $"There is no network '{name}'.{NearestNames.Question(name, [.. ShortNames, .. Names])} "
                + "Networks.Names lists all.");
    }

    /// <summary>
    /// ResNet-18 with weights trained on ImageNet, from the package Microsoft.ML.DnnImageFeaturizer.ResNet18, for
    /// images of any size. Its features are those of <c>DnnFeaturizeImage</c>. The classifier has random weights.
    /// </summary>
    /// <param name="folder">The folder with <c>DnnImageModels</c>. Null for that of the application, into which the
    /// package copies it.</param>
    /// <exception cref="InvalidFileException">The file of the package is missing or damaged.</exception>
    public static NetworkArchitecture PretrainedResNet18(string? folder = null)
    {
        var path = Path.Combine(folder ?? AppContext.BaseDirectory, "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");
        return File.Exists(path)
            ? NetworkArchitecture.FromOnnx(path)
            : throw new InvalidFileException(
                ErrorCodes.OnnxFileInvalid,
                $"There is no {path}. Reference the package Microsoft.ML.DnnImageFeaturizer.ResNet18 in the "
                    + "application; it copies the file there.");
    }

    /// <summary>Whether <see cref="ByName"/> returns this architecture for its name.</summary>
    internal static bool Has(NetworkArchitecture architecture) =>
        ReferenceEquals(s_known.GetValueOrDefault(architecture.Name), architecture)
        || ReferenceEquals(s_otherDepths.GetValueOrDefault(architecture.Name), architecture);

    /// <summary>Names without the suffix, if torchvision has no network of that name.</summary>
    private static IEnumerable<string> ShortNames => Names
        .Where(name => CifarResNetName().IsMatch(name) && name.EndsWith("-cifar", StringComparison.Ordinal))
        .Select(name => name[..^"-cifar".Length]);

    /// <summary>Returns the same instance for the same name.</summary>
    private static NetworkArchitecture Cached(NetworkArchitecture made) =>
        s_known.GetValueOrDefault(made.Name) ?? s_otherDepths.GetOrAdd(made.Name, made);

    [GeneratedRegex("^resnet([0-9]{1,4})(-cifar|-cifar-a)?$")]
    private static partial Regex CifarResNetName();
}
