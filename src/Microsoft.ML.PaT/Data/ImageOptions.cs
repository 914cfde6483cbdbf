using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>The size of images, their normalization, and how training varies them.</summary>
public sealed record ImageOptions
{
    /// <summary>Height that images are resized to, in pixels.</summary>
    /// <value>1 to 4096; default null: the network's standard input.</value>
    [InRange(1, 4096, Unit = "pixels")]
    public int? Height { get; init; }

    /// <summary>Width that images are resized to, in pixels.</summary>
    /// <value>1 to 4096; default null: the network's standard input.</value>
    [InRange(1, 4096, Unit = "pixels")]
    public int? Width { get; init; }

    /// <summary>How images of other proportions are resized. The trained model resizes in the same way.</summary>
    /// <value>Default <see cref="ImageResizing.Fill"/>: they are stretched.</value>
    public ImageResizing Resizing { get; init; } = ImageResizing.Fill;

    /// <summary>
    /// The mean and standard deviation that pixels are normalized with. Weights trained elsewhere need those they were
    /// trained with.
    /// </summary>
    /// <value>Default null: with weights from an archive, those of the archive; otherwise measured on the training images.</value>
    public Normalization? Normalization { get; init; }

    /// <summary>Pixels of zero padding around a training image before a crop of its own size is taken at random.</summary>
    /// <value>
    /// 0 (no crop) to 64; default 4, the CIFAR protocol. <see cref="RandomResizedCropMinScale"/> takes its place.
    /// </value>
    [InRange(0, 64, Unit = "pixels")]
    public int RandomCropPadding { get; init; } = 4;

    /// <summary>Whether training images are mirrored left to right with probability one half.</summary>
    /// <value>Default true.</value>
    public bool HorizontalFlip { get; init; } = true;

    /// <summary>
    /// The smallest part of a training image's area that a random crop shows, enlarged to the whole size: the area is
    /// uniform between this fraction and 1, and the crop's proportions are changed by a factor between 3/4 and 4/3
    /// (Szegedy et al. 2015, the ImageNet protocol with 0.08).
    /// </summary>
    /// <value>Fraction above 0, at most 1; default null: no such crops.</value>
    [InRange(0, 1, ExcludesMin = true, IsFraction = true)]
    public double? RandomResizedCropMinScale { get; init; }

    /// <summary>How far the brightness, contrast and saturation of training images are changed at random.</summary>
    public ColorJitter ColorJitter { get; init; } = new();

    /// <summary>
    /// Side of a square that is blanked out of a training image around a random place (DeVries and Taylor 2017), in
    /// pixels; part of it may lie outside.
    /// </summary>
    /// <value>0 (none) to 4096; default 0. For CIFAR-10 the authors took 16.</value>
    [InRange(0, 4096, Unit = "pixels")]
    public int Cutout { get; init; }
}
