namespace PaT.Cli.Tests;

public sealed class StudyImageCacheTests
{
    private static readonly Action<string> Silent = _ => { };

    [Test]
    public void Decoded_images_are_those_of_the_files_in_the_same_order()
    {
        using var folder = new TemporaryFolder();
        var training = Drawings.ClassFolders("data/train/", classes: 3, each: 4);
        var test = Drawings.ClassFolders("data/test/", classes: 3, each: 4);
        foreach (var (name, content) in training.Concat(test))
        {
            folder.Write(name, content);
        }

        var set = ImageSources.Open(folder.File("data"), default);
        var cache = StudyImageCache.Of(set, testImages: 6, folder.File("ws"), Silent, default);
        var cached = ImageSources.Open(cache.Path, default);
        Assert.That((cached.Name, cached.Encoded, cached.Test.Count, cache.Test), Is.EqualTo((set.Name, false, 6, 6)));
        Assert.That(cached.Train.Select(p => p.Label), Is.EqualTo(set.Train.Select(p => p.Label)));
        Assert.That(
            cached.Train[5].Read(), Is.EqualTo(ShapeImages.Render(1001, 1)), "the second image of the second class");
        Assert.That(cached.Test.CountBy(p => p.Label).Select(c => c.Value), Is.All.EqualTo(2));
    }

    [Test]
    public void The_fingerprint_follows_the_images_and_the_choice()
    {
        using var folder = new TemporaryFolder();
        var set = ShapeImages.Draw(default, train: 40, test: 20);
        var fingerprint = Of(set, null);
        Assert.That(Of(ShapeImages.Draw(default, train: 40, test: 20), null), Is.EqualTo(fingerprint));
        Assert.That(Of(set, 10), Is.Not.EqualTo(fingerprint));
        Assert.That(Of(ShapeImages.Draw(default, train: 41, test: 20), null), Is.Not.EqualTo(fingerprint));

        string Of(LabeledImages images, int? test) =>
            StudyImageCache.Of(images, test, folder.File("ws"), Silent, default).Fingerprint;
    }

    [Test]
    public void Names_of_classes_keep_all_their_letters()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["狗", "猫", "鸟", "Käfer"];
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
            foreach (var part in (string[])["train", "test"])
                folder.Write($"data/{part}/{name}/{i}.bmp", Drawings.Bmp(i, i));
        var set = ImageSources.Open(folder.File("data"), default);
        var cache = StudyImageCache.Of(set, null, folder.File("ws"), Silent, default);
        var cached = ImageSources.Open(cache.Path, default);
        Assert.That(cached.Classes, Is.EquivalentTo(names));
        Assert.That(cached.Test.Select(i => i.Label), Is.EqualTo(set.Test.Select(i => i.Label)));
    }

    [Test]
    public void A_validation_part_belongs_to_the_images()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in (string[])["train", "val", "test"])
            foreach (var (name, content) in Drawings.ClassFolders($"data/{part}/", classes: 2, each: 3))
                folder.Write(name, content);
        var set = ImageSources.Open(folder.File("data"), default);
        var cache = StudyImageCache.Of(set, null, folder.File("ws"), Silent, default);
        var cached = ImageSources.Open(cache.Path, default);
        Assert.That(cached.Validation.Select(i => i.Label), Is.EqualTo(set.Validation.Select(i => i.Label)));
        Assert.That(
            DataSplit.Of(cached, images: 2, seed: 1).Validation[^1].Read(), Is.EqualTo(ShapeImages.Render(1002, 1)));

        File.WriteAllBytes(set.Validation[0].Path, Drawings.Bmp(7, 0));
        Assert.That(Fingerprint(set), Is.Not.EqualTo(cache.Fingerprint));
        Assert.That(Fingerprint(set with { Validation = [] }), Is.Not.EqualTo(cache.Fingerprint));

        string Fingerprint(LabeledImages images) =>
            StudyImageCache.Of(images, null, folder.File("ws"), Silent, default).Fingerprint;
    }

    [Test]
    public void More_images_than_an_array_has_room_for_stay_where_they_are([Values] bool encoded)
    {
        using var folder = new TemporaryFolder();
        var images = Enumerable.Range(0, 700_000)
            .Select(i => new Image("x", i % 2 == 0 ? "a" : "b", () => []))
            .ToList();
        var set = new LabeledImages("many", "there", encoded, images, images[..2]);
        var cache = StudyImageCache.Of(set, null, folder.File("ws"), Silent, default);
        Assert.That((cache.Path, cache.Side), Is.EqualTo(("there", encoded ? (int?)null : 32)));
    }

    [Test]
    public void Images_of_another_size_stay_where_they_are()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, _) in Drawings.ClassFolders("data/", classes: 2, each: 5))
        {
            folder.Write(name, "no image");
        }

        var set = ImageSources.Open(folder.File("data"), default);
        Assert.That(StudyImageCache.Of(set, null, folder.File("ws"), Silent, default).Path, Is.EqualTo(set.Origin));
        Assert.That(
            () => StudyImageCache.Of(set, 2, folder.File("ws"), Silent, default),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("--test-images"));
    }
}
