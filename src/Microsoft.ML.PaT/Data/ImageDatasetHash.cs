using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.PaT.Data;

internal static class ImageDatasetHash
{
    /// <summary>A data set may be larger than memory, so the pixels of so many images are hashed.</summary>
    private const int SampledImages = 1024;

    public static string Of(ImageDataset images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{images.Count} of {images.Shape}\n")));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', images.Classes)));
        hash.AppendData(images.Labels.bytes);
        if (images.AreWeighted) hash.AppendData(images.Weights.bytes);
        var sampled = Math.Min(SampledImages, images.Count);
        for (long i = 0; i < sampled; i++)
        {
            using var image = images.Read(i * images.Count / sampled, 1);
            hash.AppendData(image.bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
