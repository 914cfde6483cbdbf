namespace Microsoft.ML.PaT.Tests;

/// <summary>Data sets made without ML.NET.</summary>
public class LabeledImagesTests
{
    private static readonly ImageShape s_shape = new(3, TinyRows.Size, TinyRows.Size);

    [Test]
    public void Pixels_files_folders_and_encoded_images_give_the_same_set()
    {
        using var folder = new TemporaryFolder();
        var numbers = Enumerable.Range(0, 6).OrderBy(TinyRows.Label, StringComparer.Ordinal).ToArray();
        var files = numbers
            .Select(i => (Path: Path.Combine(folder.Name, TinyRows.Label(i), $"{i}.bmp"), Label: TinyRows.Label(i)))
            .ToList();
        foreach (var (file, number) in files.Zip(numbers))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            File.WriteAllBytes(file.Path, TinyRows.Bitmap(TinyRows.Planar(number)));
        }
        string[] classes = ["left", "right"];
        using var pixels = ImageDataset.FromPixels(
            numbers.SelectMany(TinyRows.Planar).ToArray(), [.. numbers.Select(i => i % 2)], s_shape, classes);
        using var byFile = ImageDataset.FromFiles(files, s_shape);
        using var byFolder = ImageDataset.FromFolder(folder.Name, s_shape);
        using var encoded = ImageDataset.FromEncoded(
            numbers.Select(i => (TinyRows.Bitmap(TinyRows.Planar(i)), TinyRows.Label(i))), s_shape, classes);
        foreach (var set in new[] { byFile, byFolder, encoded })
        {
            Assert.That((set.Count, set.Shape), Is.EqualTo((6, s_shape)));
            Assert.That(set.Classes, Is.EqualTo(classes));
            Assert.That(set.LabelValues.ToArray(), Is.EqualTo(pixels.LabelValues.ToArray()));
            using var expected = pixels.Read(0, 6);
            using var actual = set.Read(0, 6);
            Assert.That(actual.bytes.ToArray(), Is.EqualTo(expected.bytes.ToArray()));
        }
    }

    [Test]
    public void A_folder_is_read_by_the_rule_of_image_folders()
    {
        using var folder = new TemporaryFolder();
        string[] names =
        [
            "train/left/0.bmp", "train/left/deeper/2.bmp", "train/right/1", "train/right/.3.bmp",
            "train/.ipynb_checkpoints/4.bmp", "train/left/notes.txt", "val/left/6.bmp", "val/right/7.bmp",
        ];
        foreach (var (name, number) in names.Select((n, i) => (n, i)))
        {
            var file = Path.Combine(folder.Name, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(
                file,
                name.EndsWith("txt", StringComparison.Ordinal) ? [65] : TinyRows.Bitmap(TinyRows.Planar(number)));
        }
        using var training = ImageDataset.FromFolder(folder.Name, s_shape);
        using var validation = ImageDataset.FromFolder(Path.Combine(folder.Name, "val"), s_shape);
        Assert.That(training.Classes, Is.EqualTo(new[] { "left", "right" }));
        Assert.That(training.LabelValues.ToArray(), Is.EqualTo(new long[] { 0, 0, 1 }));
        Assert.That(validation.LabelValues.ToArray(), Is.EqualTo(new long[] { 0, 1 }));
    }

    [Test]
    public void Parts_of_a_split_outlive_the_set()
    {
        var images = ImageDataset.FromPixels(
            [.. Enumerable.Range(0, 8).SelectMany(TinyRows.Planar)], [0, 1, 0, 1, 0, 1, 0, 1], s_shape, ["a", "b"]);
        var (training, validation) = images.Split(0.5, seed: 1);
        images.Dispose();
        Assert.That(() => images.Split(0.5, seed: 1), Throws.InstanceOf<ObjectDisposedException>());
        using (training.Read(0, training.Count)) { }
        training.Dispose();
        using (validation.Read(0, validation.Count)) { }
        validation.Dispose();
    }

    [Test]
    public void What_cannot_be_a_set_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var image = TinyRows.Bitmap(TinyRows.Planar(0));
        Assert.That(
            () => ImageDataset.FromFolder(folder.Name, s_shape),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains(folder.Name));
        Assert.That(
            () => ImageDataset.FromEncoded([(image, "a")], s_shape),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("one class ('a')"));
        Assert.That(
            () => ImageDataset.FromEncoded([(image, "c")], s_shape, ["a", "b"]),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("'c'"));
        Assert.That(
            () => ImageDataset.FromEncoded([(image, "a"), (new byte[9], "b")], s_shape),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("1 of 2"));
        Assert.That(() => ImageDataset.FromPixels(new byte[5], [0], s_shape, ["a", "b"]), Throws.ArgumentException);
        Assert.That(
            () => ImageDataset.FromPixels(new byte[s_shape.Size], [2], s_shape, ["a", "b"]),
            Throws.ArgumentException.With.Message.Contains("one is 2"));
    }
}
