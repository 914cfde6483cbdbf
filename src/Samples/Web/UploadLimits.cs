namespace PaT.Samples.Web;

/// <summary>The limits of uploads.</summary>
internal sealed record UploadLimits
{
    /// <summary>The largest image file, in bytes.</summary>
    public long MostBytes { get; init; } = 8 << 20;

    /// <summary>
    /// Maximum number of pixels of an image. A file of a few bytes can claim any size, and decoding takes four bytes
    /// for each pixel.
    /// </summary>
    public long MostPixels { get; init; } = 24_000_000;

    /// <summary>
    /// Number of images that are decoded and scored at the same time; more would compete for the same cores.
    /// </summary>
    public int AtOnce { get; init; } = Environment.ProcessorCount;

    /// <summary>Number of uploads that are received or wait. Further uploads get status 503.</summary>
    public int Waiting { get; init; } = 1000;
}
