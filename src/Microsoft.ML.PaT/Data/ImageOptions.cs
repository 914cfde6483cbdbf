namespace Microsoft.ML.PaT;

/// <summary>How images are read from their column and varied during training.</summary>
public sealed record ImageOptions
{
    /// <summary>Height images are resized to, in pixels.</summary>
    /// <value>1 to 4096; default: the network's standard input.</value>
    public int? Height { get; init; }

    /// <summary>Width images are resized to, in pixels.</summary>
    /// <value>1 to 4096; default: the network's standard input.</value>
    public int? Width { get; init; }

    /// <summary>What happens to images of other proportions. The trained model does the same.</summary>
    /// <value>Default <see cref="ImageResizing.Fill"/>: they are stretched.</value>
    public ImageResizing Resizing { get; init; } = ImageResizing.Fill;

    /// <summary>The order of the values in a pixel-vector column; other kinds of column ignore it.</summary>
    /// <value>Default <see cref="PixelOrder.PlanarRgb"/>, what <c>ExtractPixels</c> writes.</value>
    public PixelOrder PixelOrder { get; init; } = PixelOrder.PlanarRgb;

    /// <summary>What pixels are normalized with before the network sees them; weights trained elsewhere expect what they were trained with.</summary>
    /// <value>Default null: with weights from an archive, that archive's; otherwise measured on the training images.</value>
    public Normalization? Normalization { get; init; }

    /// <summary>Pixels of zero padding around a training image before a crop of its own size is taken at random.</summary>
    /// <value>0 (no crop) to 64; default 4, the CIFAR protocol. <see cref="RandomResizedCropMinScale"/> takes its place.</value>
    public int RandomCropPadding { get; init; } = 4;

    /// <summary>Whether training images are mirrored left to right with probability one half.</summary>
    /// <value>Default true.</value>
    public bool HorizontalFlip { get; init; } = true;

    /// <summary>
    /// The least fraction of a training image's area that a random crop shows, enlarged to the whole size: the area is uniform between this fraction and 1, and
    /// the crop's proportions are changed by a factor between 3/4 and 4/3 (Szegedy et al. 2015, the ImageNet protocol with 0.08).
    /// </summary>
    /// <value>Fraction above 0, at most 1; default none.</value>
    public double? RandomResizedCropMinScale { get; init; }

    /// <summary>How far the brightness, contrast and saturation of training images are changed at random.</summary>
    public ColorJitter ColorJitter { get; init; } = new();

    /// <summary>Side of a square that is blanked out of a training image around a random place (DeVries and Taylor 2017), in pixels; part of it may lie outside.</summary>
    /// <value>0 (none) to 4096; default 0. For CIFAR-10 the authors took 16.</value>
    public int Cutout { get; init; }

    /// <summary>
    /// Memory that decoded images may take, in bytes, training and validation together. More of them are kept in a file in <see cref="CacheFolder"/>,
    /// which later runs on the same images use again (docs/decisions/image-store.md).
    /// </summary>
    /// <value>0 (always a file) or more; default: a quarter of the memory that the process may have.</value>
    public long? MemoryBudget { get; init; }

    /// <summary>Where images beyond <see cref="MemoryBudget"/> are kept.</summary>
    /// <value>Default: <c>$XDG_CACHE_HOME/microsoft-ml-pat/images</c> or <c>~/.cache/microsoft-ml-pat/images</c> on Unix, below the local application data on Windows.</value>
    public string? CacheFolder { get; init; }

    /// <summary>The fraction of images that may be unreadable before <c>Fit</c> stops; those below it are skipped, counted and named in the report.</summary>
    /// <value>Fraction 0 to 1; default 0.01.</value>
    public double MaxUnreadableFraction { get; init; } = 0.01;
}
