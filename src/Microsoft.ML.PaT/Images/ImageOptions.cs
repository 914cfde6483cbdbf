namespace Microsoft.ML.PaT;

/// <summary>How pictures are read from their column and varied during training.</summary>
public sealed record ImageOptions
{
    /// <summary>Height pictures are resized to, in pixels.</summary>
    /// <value>1 to 4096; default: the network's standard input.</value>
    public int? Height { get; init; }

    /// <summary>Width pictures are resized to, in pixels.</summary>
    /// <value>1 to 4096; default: the network's standard input.</value>
    public int? Width { get; init; }

    /// <summary>The order of the values in a pixel-vector column; other kinds of column ignore it.</summary>
    /// <value>Default <see cref="PixelOrder.PlanarRgb"/>, what <c>ExtractPixels</c> writes.</value>
    public PixelOrder PixelOrder { get; init; } = PixelOrder.PlanarRgb;

    /// <summary>What pixels are normalised with before the network sees them; weights trained elsewhere expect what they were trained with.</summary>
    /// <value>Default null: with weights from an archive, that archive's; otherwise measured on the training pictures.</value>
    public Normalization? Normalization { get; init; }

    /// <summary>Pixels of zero padding around a training picture before a crop of its own size is taken at random.</summary>
    /// <value>0 (no crop) to 64; default 4, the CIFAR protocol.</value>
    public int CropPadding { get; init; } = 4;

    /// <summary>Whether training pictures are mirrored left to right with probability one half.</summary>
    /// <value>Default true.</value>
    public bool HorizontalFlip { get; init; } = true;

    /// <summary>The share of pictures that may be unreadable before <c>Fit</c> stops; those below it are skipped, counted and named in the report.</summary>
    /// <value>Fraction 0 to 1; default 0.01.</value>
    public double UnreadableShareAllowed { get; init; } = 0.01;
}
