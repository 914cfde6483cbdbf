using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT;

/// <summary>Size, normalization and augmentation of images.</summary>
public sealed record ImageOptions
{
    /// <summary>Height that images are resized to, in pixels.</summary>
    /// <value>1 to 4096. Default null: the standard input of the network, or a size that fits the images
    /// (<see cref="TrainingRecipe.Network"/>).</value>
    [InRange(1, 4096, Unit = "pixels")]
    public int? Height { get; init; }

    /// <summary>Width that images are resized to, in pixels.</summary>
    /// <value>1 to 4096; default null, as for <see cref="Height"/>.</value>
    [InRange(1, 4096, Unit = "pixels")]
    public int? Width { get; init; }

    /// <summary>Resizing of images with another aspect ratio, in training and in the trained model.</summary>
    /// <value>Default <see cref="ImageResizing.Fill"/>.</value>
    public ImageResizing Resizing { get; init; } = ImageResizing.Fill;

    /// <summary>
    /// Mean and standard deviation of each channel for normalizing pixels. Pretrained weights need the values of their
    /// training.
    /// </summary>
    /// <value>
    /// Default null: the values in the weights file (a <c>.pat</c> archive, an ONNX model, or safetensors of this
    /// library) or, if it has none, values measured on the training images.
    /// </value>
    public Normalization? Normalization { get; init; }

    /// <summary>
    /// Random crop: a training image is padded with zeros, and a crop of the original size is taken at random.
    /// </summary>
    /// <value>
    /// 0 (no crop) to 64; default 4, the CIFAR protocol. Not used with <see cref="RandomResizedCropMinScale"/>.
    /// </value>
    [InRange(0, 64, Unit = "pixels")]
    public int RandomCropPadding { get; init; } = 4;

    /// <summary>Whether training images are mirrored left to right with probability one half.</summary>
    /// <value>Default true.</value>
    public bool HorizontalFlip { get; init; } = true;

    /// <summary>
    /// Random resized crop: minimum area of the crop as a fraction of the image's area. The area is uniform between
    /// this fraction and 1, and the aspect ratio changes by a factor between 3/4 and 4/3 (Szegedy et al. 2015, the
    /// ImageNet protocol with 0.08).
    /// </summary>
    /// <value>Fraction above 0, at most 1; default null: no such crops.</value>
    [InRange(0, 1, ExcludesMin = true, IsFraction = true)]
    public double? RandomResizedCropMinScale { get; init; }

    /// <summary>
    /// TrivialAugment (Müller and Hutter 2021): one of 14 operations of random strength, such as a rotation, a shear or
    /// a change of contrast, is applied to each training image. Suitable for photographs and at least ten epochs or so.
    /// </summary>
    /// <value>Default false.</value>
    public bool TrivialAugment { get; init; }

    /// <summary>Random changes of brightness, contrast and saturation of training images.</summary>
    public ColorJitter ColorJitter { get; init; } = new();

    /// <summary>
    /// Cutout (DeVries and Taylor 2017): side of a square, in pixels, that is erased at a random position of a training
    /// image. A part of the square may be outside the image.
    /// </summary>
    /// <value>0 (none) to 4096; default 0. The authors used 16 for CIFAR-10.</value>
    [InRange(0, 4096, Unit = "pixels")]
    public int Cutout { get; init; }
}
