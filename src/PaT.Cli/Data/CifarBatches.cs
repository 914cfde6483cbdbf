using System.Text;

namespace PaT.Cli;

/// <summary>
/// CIFAR-10's binary version: records of one label byte and 3072 planar RGB bytes in <c>data_batch_1.bin</c> to
/// <c>5</c> and <c>test_batch.bin</c>, and the names of the classes in <c>batches.meta.txt</c>. The cache of a study
/// adds the name of its set, and <c>validation_batch.bin</c> if the set has such images.
/// </summary>
internal static class CifarBatches
{
    /// <summary>Values of one image: 3 planes of 32 by 32.</summary>
    public const int Pixels = 3 * 32 * 32;

    /// <summary>Bytes of an image with its label.</summary>
    public const int RecordSize = 1 + Pixels;

    public const string Train = "data_batch_1.bin";
    public const string Validation = "validation_batch.bin";
    public const string Test = "test_batch.bin";

    /// <summary>Names of the classes, one a line, in UTF-8.</summary>
    public const string Names = "batches.meta.txt";

    /// <summary>Optional file with the name of the image set; without it the set is CIFAR-10.</summary>
    public const string SetName = "set.name.txt";

    private static readonly string[] s_standardNames =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Whether a file holds training images.</summary>
    public static bool IsBatch(string path) => Path.GetFileName(path) is var name
        && name.StartsWith("data_batch_", StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal);

    /// <summary>Whether a file is one of this format.</summary>
    public static bool IsPart(string path) =>
        IsBatch(path) || Path.GetFileName(path) is Validation or Test or Names or SetName;

    /// <summary>The folder, or the one right below it, that holds training images; null for none.</summary>
    public static string? FolderIn(string folder) =>
        Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Prepend(folder)
            .FirstOrDefault(f => Directory.EnumerateFiles(f, "data_batch_*.bin").Any());

    /// <summary>Reads a folder with the unpacked files.</summary>
    /// <exception cref="InvalidImageDataException">A file is truncated or missing.</exception>
    public static LabeledImages Open(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Where(IsPart);
        return ToSet(folder, [.. files.Select(file => (file, File.ReadAllBytes(file)))]);
    }

    /// <summary>Creates a set from files of this format.</summary>
    /// <exception cref="InvalidImageDataException">A file is truncated or missing.</exception>
    public static LabeledImages ToSet(string origin, IReadOnlyList<(string Path, byte[] Content)> files)
    {
        const StringSplitOptions NonEmpty = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var names = Find(Names) is { } text
            ? Encoding.UTF8.GetString(text).Split('\n', NonEmpty)
            : s_standardNames;
        var name = Find(SetName) is { } given ? Encoding.UTF8.GetString(given) : "CIFAR-10";
        return new LabeledImages(name, origin, Encoded: false, Images(IsBatch), Images(path => Is(path, Test)))
        {
            Validation = Images(path => Is(path, Validation)),
        }.Checked();

        List<Image> Images(Func<string, bool> isPart) =>
        [
            .. files.Where(f => isPart(f.Path)).OrderBy(f => f.Path, StringComparer.Ordinal)
                .SelectMany(f => Records(origin, f.Path, f.Content, names)),
        ];

        static bool Is(string path, string file) => Path.GetFileName(path) == file;

        byte[]? Find(string file) => files.FirstOrDefault(f => Path.GetFileName(f.Path) == file).Content;
    }

    private static IEnumerable<Image> Records(string origin, string path, byte[] content, string[] names)
    {
        var file = Path.GetFileName(path);
        if (content.Length == 0 || content.Length % RecordSize != 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceInvalid,
                $"{file} in {origin} has {content.Length} bytes, not a multiple of {RecordSize}: it is truncated or "
                + "not CIFAR-10's binary version; get it again");
        }

        for (var i = 0; i < content.Length / RecordSize; i++)
        {
            var (start, label) = (i * RecordSize, content[i * RecordSize]);
            if (label >= names.Length)
            {
                throw new InvalidImageDataException(
                    ErrorCodes.ImageSourceInvalid,
                    $"record {i} of {file} in {origin} has label {label}, but there are {names.Length} classes; "
                    + "get the file again");
            }

            yield return new Image($"{file}#{i}", names[label], () => content.AsSpan(start + 1, Pixels).ToArray());
        }
    }
}
