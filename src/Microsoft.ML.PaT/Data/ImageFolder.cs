using System.Globalization;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT;

/// <summary>The images of a folder, an archive or a label file, and what was left out.</summary>
/// <remarks>
/// <para>
/// A class is a folder; images in folders below it belong to it. A folder <c>train</c> (or <c>training</c>) holds the
/// class folders of the training images. Next to it, or next to the class folders, <c>val</c>, <c>valid</c> or
/// <c>validation</c> holds those of the validation images, and <c>test</c> (or <c>testing</c>) those of the test
/// images. A single folder around all of this is ignored. A folder <c>train</c> next to other class folders, without a
/// validation or test folder, is a class.
/// </para>
/// <para>
/// The content of a file decides whether it is an image. A file with the extension of an image is always listed, so
/// that training reports it by name if it is damaged. Hidden files and the folders of tools (<c>.ipynb_checkpoints</c>,
/// <c>__pycache__</c>, <c>__MACOSX</c>, <c>@eaDir</c>, ...) are left out. Links are followed once. Names that differ
/// only in their Unicode normalization are equal.
/// </para>
/// </remarks>
public sealed class ImageFolder
{
    internal ImageFolder(string path, IReadOnlyList<LabeledImage> training, IReadOnlyList<LabeledImage> validation,
        IReadOnlyList<LabeledImage> test, IReadOnlyList<LabeledImage> unlabeled,
        IReadOnlyDictionary<string, int> leftOut)
    {
        (Path, Training, Validation, Test) = (path, training, validation, test);
        (Unlabeled, LeftOut) = (unlabeled, leftOut);
        ClassNames = [.. Training.Concat(Validation).Concat(Test).Select(i => i.Label).Distinct()
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The folder or file that was read.</summary>
    public string Path { get; }

    /// <summary>The images to train on, in the ordinal order of their names.</summary>
    public IReadOnlyList<LabeledImage> Training { get; }

    /// <summary>The images to validate with after each epoch; empty without a validation folder.</summary>
    public IReadOnlyList<LabeledImage> Validation { get; }

    /// <summary>The images to test with; empty without a test folder.</summary>
    public IReadOnlyList<LabeledImage> Test { get; }

    /// <summary>Images next to the class folders, with an empty label. <see cref="LeftOut"/> counts them.</summary>
    public IReadOnlyList<LabeledImage> Unlabeled { get; }

    /// <summary>The names of the classes in ordinal order.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Number of files and folders that were left out, by reason.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; }

    /// <summary>Lists images.</summary>
    /// <param name="path">
    /// A folder with a folder for each class; a .zip, .tar or .tar.gz of one, whose images are held in memory; or a
    /// .csv or .tsv file of labels, with the path of an image and its class in each row. A folder with a file
    /// <c>labels.csv</c> or <c>labels.tsv</c> is read by that file. The first row may name the columns.
    /// </param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="InvalidImageDataException">
    /// There is no such folder or file, or the file has another format or is damaged.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public static ImageFolder Read(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (File.Exists(path))
        {
            return LabelFile.IsOne(path) ? LabelFile.Read(path, cancellationToken)
                : ImageArchive.Read(path, cancellationToken);
        }
        if (!Directory.Exists(path))
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceMissing,
                $"There is no folder or file {path}; give a folder with one folder for each class, or an archive of "
                    + "one.");
        }
        if (LabelFile.In(path) is { } labels) return LabelFile.Read(labels, cancellationToken);
        var leftOut = new LeftOutFiles();
        var walk = new FolderWalk(path, leftOut, cancellationToken);
        var files = ImageSelection.Select(walk.Files(), leftOut);
        return ClassFolders.Sort(path, files, leftOut);
    }

    /// <summary>Returns one line with the number of images and of files that were left out.</summary>
    public override string ToString()
    {
        var classes = string.Join(", ", ClassNames.Take(5)) + (ClassNames.Count > 5 ? ", ..." : "");
        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"{Path}: {Training.Count:N0} training, {Validation.Count:N0} validation and {Test.Count:N0} test images "
                + $"of {ClassNames.Count} classes ({classes})");
        return LeftOut.Count == 0 ? found : $"{found}; left out: {LeftOutFiles.Describe(LeftOut)}";
    }
}
