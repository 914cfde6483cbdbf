namespace Microsoft.ML.PaT.Benchmark;

internal sealed record Photograph(string ImagePath, string Label);

/// <summary>Fixed subsets: images of each class by name.</summary>
/// <param name="folder">Has train/CLASS/ and test/CLASS/ images.</param>
/// <param name="validates">Whether to test on training images that no side trains on.</param>
/// <param name="trainingOfClass">Number of training images of each class, the first ones.</param>
internal sealed class Photographs(string folder, bool validates, int trainingOfClass)
{
    private const int TestOfClass = 200, ValidationOfClass = 100;

    public IReadOnlyList<Photograph> Training { get; } = Read(folder, "train", files => files.Take(trainingOfClass));

    public IReadOnlyList<Photograph> Test { get; } = validates
        ? Read(folder, "train", files => files.TakeLast(ValidationOfClass))
        : Read(folder, "test", files => files.Take(TestOfClass));

    /// <summary>Decoded at a size, in the order of the list.</summary>
    public static ImageDataset Decode(IReadOnlyList<Photograph> photographs, int size) =>
        ImageDataset.FromFiles(photographs.Select(p => (p.ImagePath, p.Label)), new(3, size, size));

    private static List<Photograph> Read(
        string folder, string part, Func<IEnumerable<string>, IEnumerable<string>> of) =>
    [
        .. Directory.GetDirectories(Path.Combine(folder, part)).Order(StringComparer.Ordinal).SelectMany(path =>
            of(Directory.GetFiles(path).Order(StringComparer.Ordinal))
                .Select(file => new Photograph(file, Path.GetFileName(path)))),
    ];
}
