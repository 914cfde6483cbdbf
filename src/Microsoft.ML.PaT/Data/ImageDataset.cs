using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Internal;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Images of one shape as bytes, with their labels, for <c>PruningTrainer</c>.</summary>
/// <remarks>
/// Owns its pixels. They are in memory, or in a file if they take more than a quarter of the memory. The parts of
/// <see cref="Split"/> share them, and the last part to be disposed frees them. Can be disposed on any thread: running
/// calls complete, and later calls throw <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class ImageDataset : IDisposable
{
    private readonly PixelRows _pixels;
    private readonly Tensor? _rows;
    private readonly SharedLifetime _lifetime;

    /// <summary>Creates a set in memory. Takes ownership of the tensors.</summary>
    /// <param name="pixels">uint8 [N,C,H,W] on the CPU.</param>
    /// <param name="labels">int64 [N] on the CPU, positions in <paramref name="classes"/>.</param>
    /// <param name="weights">float [N] on the CPU, weights of the images in training; null for equal ones.</param>
    internal ImageDataset(Tensor pixels, Tensor labels, IReadOnlyList<string> classes, Tensor? weights = null)
        : this(new PixelsInMemory(pixels), null, labels, weights, classes)
    {
    }

    /// <summary>Creates a set in memory or on disk. Takes ownership of pixels and tensors.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="labels">int64 [N] on the CPU, positions in <paramref name="classes"/>.</param>
    /// <param name="weights">float [N] on the CPU, weights of the images in training.</param>
    internal ImageDataset(PixelRows pixels, Tensor labels, IReadOnlyList<string> classes, Tensor weights)
        : this(pixels, null, labels, weights, classes)
    {
    }

    private ImageDataset(PixelRows pixels, Tensor? rows, Tensor labels, Tensor? weights, IReadOnlyList<string> classes)
    {
        _pixels = pixels;
        _rows = rows?.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
        Weights = (weights ?? ones_like(labels, float32)).DetachFromDisposeScope();
        Classes = classes;
        Count = checked((int)labels.shape[0]);
        LabelCounts = new int[classes.Count];
        foreach (var label in LabelValues) LabelCounts[label]++;
        AreWeighted = WeightValues.ContainsAnyExcept(1f);
        _lifetime = new(this, Free);
    }

    /// <summary>Reads the training images of a folder by the rule of <see cref="ImageFolder"/>.</summary>
    /// <param name="folder">A folder with one folder for each class, an archive of one, or a label file. Images of
    /// validation and test folders in it are not read; pass the path of such a folder to read it.</param>
    /// <param name="shape">Shape that images are resized to, [3,H,W], or [1,H,W] for gray:
    /// <see cref="NetworkArchitecture.StandardInput"/> of the network. Null for small images at their own size and
    /// others at 224x224, as for the default network (<see cref="TrainingRecipe.Network"/>).</param>
    /// <param name="resizing">Resizing of images with another aspect ratio.</param>
    /// <exception cref="InvalidImageDataException">The folder cannot be read, has fewer than two classes with images,
    /// or more than 1% of the images are unreadable.</exception>
    /// <exception cref="InvalidOptionsException">The shape has neither three channels nor one.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static ImageDataset FromFolder(
        string folder, ImageShape? shape = null, ImageResizing resizing = ImageResizing.Fill)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var found = ImageFolder.Read(folder);
        return found.Training.Count > 0
            ? LabeledImages.Read(found.Training, i => i.Label, shape, found.ClassNames, resizing)
            : throw new InvalidImageDataException(
                ErrorCodes.ImageSourceInvalid,
                $"{found}. There are no images ({ImageDecoder.Formats}) to train on; put the images of each class into "
                    + "a folder of its own.");
    }

    /// <summary>Reads image files.</summary>
    /// <param name="files">Paths of JPEG, PNG, GIF, BMP or WebP files, and the class of each.</param>
    /// <param name="shape">Shape that images are resized to, [3,H,W], or [1,H,W] for gray:
    /// <see cref="NetworkArchitecture.StandardInput"/> of the network. Null for small images at their own size and
    /// others at 224x224, as for the default network (<see cref="TrainingRecipe.Network"/>).</param>
    /// <param name="classes">All classes, in the order of scores; null for those of the images, in ordinal
    /// order.</param>
    /// <param name="resizing">Resizing of images with another aspect ratio.</param>
    /// <exception cref="InvalidImageDataException">There are fewer than two classes, a class is not in
    /// <paramref name="classes"/>, or more than 1% of the files are unreadable.</exception>
    /// <exception cref="InvalidOptionsException">The shape has neither three channels nor one.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static ImageDataset FromFiles(
        IEnumerable<(string Path, string Label)> files,
        ImageShape? shape = null,
        IReadOnlyList<string>? classes = null,
        ImageResizing resizing = ImageResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(files);
        return LabeledImages.Read(
            [.. files.Select(f => new LabeledImages.FileRow { Path = Path.GetFullPath(f.Path), Label = f.Label })],
            f => f.Label,
            shape,
            classes,
            resizing);
    }

    /// <summary>Reads encoded images.</summary>
    /// <param name="images">The content of JPEG, PNG, GIF, BMP or WebP files, and the class of each.</param>
    /// <param name="shape">Shape that images are resized to, [3,H,W], or [1,H,W] for gray:
    /// <see cref="NetworkArchitecture.StandardInput"/> of the network. Null for small images at their own size and
    /// others at 224x224, as for the default network (<see cref="TrainingRecipe.Network"/>).</param>
    /// <param name="classes">All classes, in the order of scores; null for those of the images, in ordinal
    /// order.</param>
    /// <param name="resizing">Resizing of images with another aspect ratio.</param>
    /// <exception cref="InvalidImageDataException">There are fewer than two classes, a class is not in
    /// <paramref name="classes"/>, or more than 1% of the images are unreadable.</exception>
    /// <exception cref="InvalidOptionsException">The shape has neither three channels nor one.</exception>
    [RequiresUnreferencedCode(Untrimmed.Reason)]
    public static ImageDataset FromEncoded(
        IEnumerable<(byte[] Image, string Label)> images,
        ImageShape? shape = null,
        IReadOnlyList<string>? classes = null,
        ImageResizing resizing = ImageResizing.Fill)
    {
        ArgumentNullException.ThrowIfNull(images);
        return LabeledImages.Read(
            [.. images.Select(i => new LabeledImages.EncodedRow { Image = i.Image, Label = i.Label })],
            i => i.Label,
            shape,
            classes,
            resizing);
    }

    /// <summary>Copies decoded images.</summary>
    /// <param name="pixels">Bytes of n images, [n,C,H,W]: planar RGB.</param>
    /// <param name="labels">For each image, the position of its class in <paramref name="classes"/>.</param>
    /// <param name="shape">Shape of an image, [C,H,W].</param>
    /// <param name="classes">Names of the classes, at least two, in the order of scores.</param>
    /// <exception cref="ArgumentException">The numbers of images and labels differ, or a label is not the position of a
    /// class.</exception>
    public static ImageDataset FromPixels(
        ReadOnlySpan<byte> pixels, IReadOnlyList<int> labels, ImageShape shape, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        return ImageDatasetBuilder.Copy(pixels, labels, shape, classes);
    }

    /// <summary>Resizing of images with another aspect ratio; the classifier uses the same.</summary>
    internal ImageResizing? Resizing { get; private set; }

    /// <summary>Sets <see cref="Resizing"/> and returns this set.</summary>
    internal ImageDataset Resized(ImageResizing resizing)
    {
        Resizing = resizing;
        return this;
    }

    /// <summary>
    /// Images of the source that could not be read. A split passes all of them to its training part.
    /// </summary>
    internal ImageCacheIndex Skipped { get; set; } = new([], 0);

    /// <summary>Index of the class of each image, int64 [N] on the CPU.</summary>
    internal Tensor Labels { get; }

    /// <summary>
    /// Weight of each image in training relative to the others, float [N] on the CPU, at least 0.
    /// </summary>
    internal Tensor Weights { get; }

    /// <summary>Whether any weight differs from 1.</summary>
    internal bool AreWeighted { get; }

    /// <summary>Shape of one image.</summary>
    public ImageShape Shape => _pixels.Shape;

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Number of images of each class.</summary>
    internal int[] LabelCounts { get; }

    /// <summary>Whether images are read from a file each time.</summary>
    internal bool IsOnDisk => _pixels.AreOnDisk;

    /// <summary>The values of <see cref="Labels"/>.</summary>
    internal ReadOnlySpan<long> LabelValues => MemoryMarshal.Cast<byte, long>(Labels.bytes);

    /// <summary>The values of <see cref="Weights"/>.</summary>
    internal ReadOnlySpan<float> WeightValues => MemoryMarshal.Cast<byte, float>(Weights.bytes);

    /// <summary>Copies some images. Reading is thread-safe.</summary>
    /// <param name="rows">Indices of the images, int64 [n] on the CPU.</param>
    /// <returns>uint8 [n,C,H,W] on the CPU, in the caller's scope.</returns>
    /// <exception cref="InvalidFileException">The file with the pixels was changed.</exception>
    internal Tensor Read(Tensor rows)
    {
        if (_rows is null) return _pixels.Read(rows);
        using var own = _rows.index_select(0, rows);
        return _pixels.Read(own);
    }

    /// <summary>Copies some images to the beginning of a batch.</summary>
    /// <param name="rows">Indices of the images, int64 [n] on the CPU.</param>
    /// <param name="batch">uint8 on the CPU, [m,C,H,W] with m at least n.</param>
    /// <exception cref="InvalidFileException">The file with the pixels was changed.</exception>
    internal void Read(Tensor rows, Tensor batch)
    {
        using var own = _rows?.index_select(0, rows);
        _pixels.Read(own ?? rows, batch);
    }

    /// <summary>Returns consecutive images.</summary>
    /// <param name="start">Index of the first image.</param>
    /// <param name="count">Number of images.</param>
    /// <returns>uint8 [count,C,H,W] on the CPU, in the caller's scope; may be a view; do not write
    /// to it.</returns>
    /// <exception cref="InvalidFileException">The file with the pixels was changed.</exception>
    internal Tensor Read(long start, long count)
    {
        if (_rows is null) return _pixels.Read(start, count);
        using var own = _rows.narrow(0, start, count);
        return _pixels.Read(own);
    }

    /// <summary>
    /// Some of the images, in the order of <paramref name="indices"/>. They share the pixels of this set.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This set was disposed.</exception>
    internal ImageDataset Subset(long[] indices) => Subset(indices, new([], 0));

    private ImageDataset Subset(long[] indices, ImageCacheIndex skipped)
    {
        using var use = Use();
        using var scope = NewDisposeScope();
        var rows = tensor(indices, dtype: int64);
        return new(
            _pixels.Share(),
            _rows is null ? rows : _rows.index_select(0, rows),
            Labels.index_select(0, rows),
            Weights.index_select(0, rows),
            Classes)
        {
            Resizing = Resizing,
            Skipped = skipped,
        };
    }

    /// <summary>
    /// Splits the set in two, with the same fraction of every class up to one image. The parts share its pixels.
    /// </summary>
    /// <param name="validationFraction">Fraction for validation, 0 to 1. Every class keeps at least one training
    /// image.</param>
    /// <param name="seed">Seed of the random choice.</param>
    /// <exception cref="ObjectDisposedException">This set was disposed.</exception>
    public (ImageDataset Training, ImageDataset Validation) Split(double validationFraction, int seed)
    {
        using var use = Use();
        var (training, validation) = ImageSplits.ByFraction(this, validationFraction, seed);
        return (Subset(training, Skipped), Subset(validation));
    }

    /// <summary>
    /// Returns one fold for validation and the others for training. They share the pixels of this set. Every image
    /// is in one fold, and every class is spread evenly over the folds.
    /// </summary>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="fold">The fold for validation, from 0.</param>
    /// <param name="seed">Seed of the assignment of images to folds.</param>
    /// <exception cref="InvalidImageDataException">A class has fewer images than there are folds.</exception>
    /// <exception cref="ObjectDisposedException">This set was disposed.</exception>
    public (ImageDataset Training, ImageDataset Validation) Fold(int folds, int fold, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, folds);
        using var use = Use();
        var (training, validation) = ImageSplits.ByFold(this, folds, fold, seed);
        return (Subset(training, Skipped), Subset(validation));
    }

    /// <summary>
    /// Returns a hash of the images: count, shape, classes, labels, weights, and the pixels of up to 1024 images that
    /// are spread evenly over the set.
    /// </summary>
    /// <returns>16 hexadecimal digits in lower case.</returns>
    /// <exception cref="ObjectDisposedException">This set was disposed.</exception>
    public string ComputeHash()
    {
        using var use = Use();
        return ImageDatasetHash.Of(this);
    }

    /// <summary>Keeps the images until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">This set was disposed.</exception>
    internal SharedLifetime.Use Use() => _lifetime.Begin();

    /// <inheritdoc/>
    public void Dispose() => _lifetime.Dispose();

    private void Free()
    {
        Labels.Dispose();
        Weights.Dispose();
        _rows?.Dispose();
        _pixels.Dispose();
    }
}
