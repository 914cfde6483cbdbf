
namespace PaT.Cli;

/// <summary>How files become a labeled set, whether they lie in a folder or in an archive: <c>[train/|test/]CLASS/FILE</c>.</summary>
internal static class ImageFileList
{
    /// <summary>Fraction of the images of each class that is held out for testing where the source has no test part, fraction 0 to 1.</summary>
    public const double TestFraction = 0.2;

    private const int SplitSeed = 10;

    private static readonly string[] CifarClasses = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Whether a file is an image by its name; hidden files are not.</summary>
    /// <param name="path">Its path, with slashes.</param>
    public static bool IsImage(string path) => !Path.GetFileName(path).StartsWith('.') && ImageFiles.HasImageExtension(path);

    /// <summary>Sorts files into training and test images by the folders they lie in.</summary>
    /// <param name="origin">Where they were found, for people.</param>
    /// <param name="files">Paths below the source, with slashes, and their content.</param>
    /// <exception cref="InvalidImageDataException">Nothing that can be trained on.</exception>
    public static LabeledImages ToSet(string origin, IEnumerable<(string Path, Func<byte[]> Read)> files)
    {
        List<Image> train = [], test = [];
        foreach (var (path, read) in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2 || !IsImage(path))
            {
                continue;
            }

            var isTest = parts.Length > 2 && parts[^3].Equals("test", StringComparison.OrdinalIgnoreCase);
            (isTest ? test : train).Add(new Image(path, parts[^2], read));
        }

        if (train.Count > 0 && test.Count == 0)
        {
            test = Subset.Stratified(train, TestFraction, SplitSeed);
            train = Subset.Without(train, test);
        }

        return new LabeledImages(NameOf(origin, train), origin, Encoded: true, train, test).Checked();
    }

    /// <summary>CIFAR-10 as JPEG files is named as what it is: its images were compressed again, so accuracies are not CIFAR-10's.</summary>
    private static string NameOf(string origin, IReadOnlyList<Image> train)
    {
        var classes = train.Select(p => p.Label).Distinct().Order(StringComparer.Ordinal);
        return classes.SequenceEqual(CifarClasses) ? "CIFAR-10 (JPEG)" : Path.GetFileName(Path.TrimEndingDirectorySeparator(origin));
    }
}
