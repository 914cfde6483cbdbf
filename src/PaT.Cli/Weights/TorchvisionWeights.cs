using System.Security.Cryptography;

namespace PaT.Cli;

/// <summary>
/// The weights that torchvision publishes for networks of the library: trained on ImageNet's 1,000 classes, images
/// normalized by <see cref="Normalization.ImageNet"/>. The files are those of torchvision 0.14's <c>DEFAULT</c>
/// (Debian's python3-torchvision: torchvision/models).
/// </summary>
/// <param name="File">The file; its name ends with the first digits of its SHA-256.</param>
internal sealed record TorchvisionWeights(string Network, string File)
{
    /// <summary>Suffix of the name of a network.</summary>
    private const string Suffix = "@torchvision";

    private static readonly TorchvisionWeights[] s_all =
    [
        new("resnet18", "resnet18-f37072fd.pth"),
        new("resnet34", "resnet34-b627a593.pth"),
        new("resnet50", "resnet50-11ad3fa6.pth"),
        new("resnet101", "resnet101-cd907fc2.pth"),
        new("resnet152", "resnet152-f82ba261.pth"),
        new("resnext50_32x4d", "resnext50_32x4d-1a0047aa.pth"),
        new("wide_resnet50_2", "wide_resnet50_2-9ba9bcbe.pth"),
        new("vgg11_bn", "vgg11_bn-6002323d.pth"),
        new("vgg13_bn", "vgg13_bn-abd245e5.pth"),
        new("vgg16_bn", "vgg16_bn-6c64b313.pth"),
        new("vgg19_bn", "vgg19_bn-c79401a0.pth"),
        new("mobilenet_v2", "mobilenet_v2-7ebf99e0.pth"),
        new("mobilenet_v3_large", "mobilenet_v3_large-5c1a4163.pth"),
        new("mobilenet_v3_small", "mobilenet_v3_small-047dcff4.pth"),
        new("shufflenet_v2_x0_5", "shufflenetv2_x0.5-f707e7126e.pth"),
        new("shufflenet_v2_x1_0", "shufflenetv2_x1-5666bf0f80.pth"),
        new("shufflenet_v2_x1_5", "shufflenetv2_x1_5-3c479a10.pth"),
        new("shufflenet_v2_x2_0", "shufflenetv2_x2_0-8be3c8ee.pth"),
        new("squeezenet1_0", "squeezenet1_0-b66bff10.pth"),
        new("squeezenet1_1", "squeezenet1_1-b8a52dc0.pth"),
        new("efficientnet_b0", "efficientnet_b0_rwightman-3dd342df.pth"),
        new("convnext_tiny", "convnext_tiny-983f1562.pth"),
        new("vit_b_16", "vit_b_16-c867db91.pth"),
    ];

    /// <summary>Address of the files.</summary>
    public static Uri Folder { get; } = new("https://download.pytorch.org/models/");

    /// <summary>The names that <see cref="Find"/> accepts.</summary>
    public static IEnumerable<string> Names => s_all.Select(w => w.Network + Suffix);

    /// <summary>The checksum digits in the name.</summary>
    public Checksum Checksum => new(HashAlgorithmName.SHA256, Path.GetFileNameWithoutExtension(File).Split('-')[^1]);

    /// <summary>Finds weights by a name such as <c>resnet18@torchvision</c>.</summary>
    /// <returns>Null if the text is a path rather than a name of the form NETWORK@SOURCE.</returns>
    /// <exception cref="InvalidOptionsException">No weights of that network are known.</exception>
    public static TorchvisionWeights? Find(string text)
    {
        var isName = text.Contains('@', StringComparison.Ordinal) && !Path.HasExtension(text)
            && Path.GetFileName(text) == text;
        if (!isName || Path.Exists(text)) return null;
        return Array.Find(s_all, w => (w.Network + Suffix).Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOptionsException(
                CliErrorCodes.ArgumentInvalid,
                $"there are no weights '{text}'" + (NearestNames.Question(text, Names) is { Length: > 0 } question
                    ? $".{question}"
                    : $"; known are {string.Join(", ", Names)}"));
    }
}
