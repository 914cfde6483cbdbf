namespace Microsoft.ML.PaT.Data;

/// <summary>The options for reading a data view.</summary>
internal sealed record ImageDataOptions
{
    public required string ImageColumn { get; init; }

    public required string LabelColumn { get; init; }

    /// <summary>Null if all images have the same weight.</summary>
    public string? WeightColumn { get; init; }

    public required ImageOptions Images { get; init; }

    public bool InterleavePixelColors { get; init; }

    /// <summary>Fraction 0 to 1.</summary>
    public required double MaxUnreadableFraction { get; init; }

    /// <summary>Bytes; null for a quarter of the memory.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>Null for a folder in the user's cache.</summary>
    public string? CacheFolder { get; init; }

    public CancellationToken Cancellation { get; init; }
}
