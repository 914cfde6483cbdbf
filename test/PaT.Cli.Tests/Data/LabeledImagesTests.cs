
namespace PaT.Cli.Tests;

public sealed class LabeledImagesTests
{
    [Test]
    public void A_folder_of_class_folders_holds_out_a_fifth_of_each_class()
    {
        using var folder = Folder(Drawings.ClassFolders("", classes: 3, each: 10));
        var set = ImageSources.Open(folder.Path, CancellationToken.None);
        Assert.That(set.Classes, Is.EqualTo(new[] { "arrow", "circle", "crescent" }));
        Assert.That(set.Test.CountBy(p => p.Label).Select(c => c.Value), Is.All.EqualTo(2));
        Assert.That(set.Train.CountBy(p => p.Label).Select(c => c.Value), Is.All.EqualTo(8));
        Assert.That(set.Train.Select(p => p.Name).Intersect(set.Test.Select(p => p.Name)), Is.Empty);
        Assert.That(set.Encoded, Is.True);
    }

    [Test]
    public void The_same_images_are_held_out_every_time()
    {
        using var folder = Folder(Drawings.ClassFolders("", classes: 2, each: 10));
        var (first, second) = (
            ImageSources.Open(folder.Path, CancellationToken.None),
            ImageSources.Open(folder.Path, CancellationToken.None));
        Assert.That(second.Test.Select(p => p.Name), Is.EqualTo(first.Test.Select(p => p.Name)));
    }

    [Test]
    public void Train_and_test_folders_are_taken_as_they_are([Values] bool archived)
    {
        var files = Drawings.ClassFolders("train/", classes: 2, each: 4)
            .Concat(Drawings.ClassFolders("test/", classes: 2, each: 3))
            .Append(("train/notes.txt", "x"u8.ToArray()))
            .ToList();
        using var folder = archived ? Folder([("a.tar.gz", Tar.Compressed(files))]) : Folder(files);
        var set = ImageSources.Open(archived ? folder.File("a.tar.gz") : folder.Path, CancellationToken.None);
        Assert.That((set.Train.Count, set.Test.Count), Is.EqualTo((8, 6)));
        Assert.That(set.Train[0].Read(), Is.EqualTo(Drawings.Bmp(0, 0)));
        Assert.That(set.Train[0].Name, Is.EqualTo("train/arrow/000.bmp"));
    }

    [Test]
    public void A_file_that_is_replaced_is_decoded_again()
    {
        using var folder = new TemporaryFolder();
        var image = Drawings.Bmp(0, 0);
        foreach (var i in Enumerable.Range(0, 1100))
            folder.Write($"images/{Shapes.All[i % 2].Name}/{i:0000}.bmp", image);
        var set = LabeledImages.Of(ImageFolder.Read(folder.File("images")));
        Load(set);
        // Of up to 2048 images the content of the second one is not hashed.
        File.WriteAllBytes(set.Train[1].Path, Drawings.Bmp(1, 1));
        Load(set);
        Load(set);
        Assert.That(Directory.GetFiles(folder.File("cache"), "*.images"), Has.Length.EqualTo(2));

        void Load(LabeledImages images)
        {
            var ml = new MLContext();
            var rows = ImageRows.View(ml, images.Encoded, images.Train);
            var data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
            ml.PaT().LoadImages(data, new()
            {
                Network = Networks.ByName("resnet8"), MemoryBudget = 0, CacheFolder = folder.File("cache"),
            }).Training.Dispose();
        }
    }

    [Test]
    public void Images_of_an_archive_have_no_path()
    {
        using var folder = Folder(
            [("a.tar.gz", Tar.Compressed(Drawings.ClassFolders("", classes: 2, each: 2).ToList()))]);
        var set = ImageSources.Open(folder.File("a.tar.gz"), CancellationToken.None);
        Assert.That(set.Train.Select(i => ImageRows.ToImageRow(i).ImagePath), Is.All.Empty);
    }

    [TestCase(5000, 1000, "CIFAR-10 (JPEG)")]
    [TestCase(5000, 999, "mine")]
    [TestCase(2, 0, "mine")]
    public void Cifar_as_files_is_called_so_only_if_it_is_complete(int training, int test, string name)
    {
        string[] classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
        using var folder = Folder(
            [("mine", Tar.Compressed(Images("train", training).Concat(Images("test", test)).ToList()))]);
        Assert.That(ImageSources.Open(folder.File("mine"), CancellationToken.None).Name, Is.EqualTo(name));

        IEnumerable<(string, byte[])> Images(string part, int each) =>
            classes.SelectMany(c => Enumerable.Range(0, each).Select(i => ($"{part}/{c}/{i}.jpg", new byte[1])));
    }

    [Test]
    public void Classes_without_test_images_are_named()
    {
        using var folder = Folder(Drawings.ClassFolders("", classes: 2, each: 5).Append(("zebra/1.bmp", [1])));
        var set = ImageSources.Open(folder.Path, CancellationToken.None).ForTraining();
        Assert.That(
            set.ToString(), Does.Contain("without test images, so the accuracy is that of the other classes: zebra"));
    }

    [Test]
    public void Every_extension_of_images_is_listed_in_any_case()
    {
        using var folder = Folder(
            ImageDecoder.Extensions.SelectMany(e =>
                    new[] { $"a/1{e}", $"a/2{e.ToUpperInvariant()}", $"b/1{e}", $"b/.1{e}", "b/1.txt" })
                .Distinct()
                .Select(f => (f, Array.Empty<byte>())));
        var set = ImageSources.Open(folder.Path, CancellationToken.None);
        Assert.That(set.Train.Count + set.Test.Count, Is.EqualTo(3 * ImageDecoder.Extensions.Count));
    }

    [Test]
    public void Images_of_a_validation_folder_are_neither_trained_on_nor_tested_with()
    {
        using var folder = Folder([.. Drawings.ClassFolders("train/", 2, 6), .. Drawings.ClassFolders("val/", 2, 3)]);
        var set = ImageSources.Open(folder.Path, CancellationToken.None);
        Assert.That((set.Train.Count, set.Validation.Count, set.Test.Count), Is.EqualTo((10, 6, 2)));
        var split = DataSplit.Of(set, images: 4, seed: 1);
        Assert.That(split.Validation, Is.EqualTo(set.Validation));
        Assert.That(split.Train, Has.Count.EqualTo(4));
    }

    [Test]
    public void What_is_left_out_is_said()
    {
        using var folder =
            Folder([.. Drawings.ClassFolders("", 2, 6), ("arrow/notes.txt", []), (".ipynb_checkpoints/1.jpg", [])]);
        var said = new List<string>();
        _ = new ImageSources(said.Add).FindAsync(folder.Path, CancellationToken.None).Result;
        Assert.That(
            said.Single(),
            Does.Contain("2 classes, 10 training and 2 test images")
                .And.Contain("left out: 1 × .txt file")
                .And.Contain("1 × hidden"));
    }

    [Test]
    public void Classes_of_a_test_folder_alone_are_counted()
    {
        using var folder = Folder(Drawings.ClassFolders("test/", classes: 3, each: 2));
        var set = LabeledImages.Of(ImageFolder.Read(folder.Path));
        Assert.That(set.ToString(), Does.Contain("3 classes, 0 training and 6 test images"));
    }

    [Test]
    public void An_empty_folder_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => ImageSources.Open(folder.Path, CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains(folder.Path));
    }

    [Test]
    public void A_single_class_is_an_error()
    {
        using var folder = Folder(Drawings.ClassFolders("", classes: 1, each: 5));
        Assert.That(
            () => ImageSources.Open(folder.Path, CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("arrow"));
    }

    [Test]
    public void A_test_class_without_training_images_is_an_error()
    {
        using var folder = Folder(
            Drawings.ClassFolders("train/", classes: 2, each: 2)
                .Concat(Drawings.ClassFolders("test/", classes: 3, each: 2)));
        Assert.That(
            () => ImageSources.Open(folder.Path, CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("crescent"));
    }

    [TestCase(0.3)]
    [TestCase(0.9)]
    public void A_truncated_archive_is_an_error(double fraction)
    {
        var whole = Tar.Compressed(Drawings.ClassFolders("", classes: 2, each: 20));
        using var folder = Folder([("a.tar.gz", whole[..(int)(fraction * whole.Length)])]);
        Assert.That(
            () => ImageSources.Open(folder.File("a.tar.gz"), CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("truncated"));
    }

    [Test]
    public void A_file_that_is_no_archive_is_an_error()
    {
        using var folder = Folder([("a.tar.gz", "These are not the images you are looking for. "u8.ToArray())]);
        Assert.That(
            () => ImageSources.Open(folder.File("a.tar.gz"), CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>());
    }

    private static TemporaryFolder Folder(IEnumerable<(string Name, byte[] Content)> files)
    {
        var folder = new TemporaryFolder();
        foreach (var (name, content) in files)
        {
            folder.Write(name, content);
        }

        return folder;
    }
}
