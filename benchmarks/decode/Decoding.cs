using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>The two ways that are compared.</summary>
internal static class Decoding
{
    /// <summary>At the smallest scale of at least twice the target, then resized.</summary>
    public static byte[] Scaled(byte[] file, ImageShape shape) => ImageDecoder.Decode(file, shape);

    /// <summary>All pixels, then resized.</summary>
    public static byte[] Whole(byte[] file, ImageShape shape)
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(file));
        return ImageDecoder.Decode(image, shape);
    }
}
