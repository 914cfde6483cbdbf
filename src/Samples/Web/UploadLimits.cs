namespace PaT.Samples.Web;

/// <summary>How much one upload may ask of the service.</summary>
internal sealed record UploadLimits
{
    /// <summary>The largest image file, bytes.</summary>
    public long MostBytes { get; init; } = 8 << 20;

    /// <summary>
    /// The most pixels of an image: a file of a few bytes can claim to be any size, and decoding takes four bytes for
    /// each.
    /// </summary>
    public long MostPixels { get; init; } = 24_000_000;

    /// <summary>Images decoded and scored at the same time; more would only share the same cores.</summary>
    public int AtOnce { get; init; } = Environment.ProcessorCount;

    /// <summary>Uploads that are received or wait for their turn; those beyond are told to come back later.</summary>
    public int Waiting { get; init; } = 1000;
}
