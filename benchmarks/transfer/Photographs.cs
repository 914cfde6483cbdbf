namespace Microsoft.ML.PaT.Benchmark;

internal sealed record Photograph(string ImagePath, string Label);

/// <summary>A fixed subset: the first images of each class by name.</summary>
internal sealed class Photographs(string folder)
{
    private const int TrainingOfClass = 100, TestOfClass = 200;

    public IReadOnlyList<Photograph> Training { get; } = Read(Path.Combine(folder, "train"), TrainingOfClass);

    public IReadOnlyList<Photograph> Test { get; } = Read(Path.Combine(folder, "test"), TestOfClass);

    /// <summary>Decoded at a size, in the order of the list.</summary>
    public static ImageDataset Decode(IReadOnlyList<Photograph> photographs, int size) =>
        ImageDataset.FromFiles(photographs.Select(p => (p.ImagePath, p.Label)), new(3, size, size));

    private static List<Photograph> Read(string folder, int ofClass) =>
    [
        .. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).SelectMany(path =>
            Directory.GetFiles(path).Order(StringComparer.Ordinal).Take(ofClass)
                .Select(file => new Photograph(file, Path.GetFileName(path)))),
    ];
}
