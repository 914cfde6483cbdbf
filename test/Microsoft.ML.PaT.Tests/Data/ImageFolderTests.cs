using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

public sealed class ImageFolderTests
{
    private static readonly byte[] s_image = [0xFF, 0xD8, 0xFF, .. new byte[30]];
    private readonly List<TemporaryFolder> _folders = [];

    [TearDown]
    public void Remove()
    {
        _folders.ForEach(f => f.Dispose());
        _folders.Clear();
    }

    [TestCase(".ipynb_checkpoints/1.jpg")]
    [TestCase("cat/.ipynb_checkpoints/1.jpg")]
    [TestCase("__pycache__/1.jpg")]
    [TestCase("__MACOSX/cat/1.jpg")]
    [TestCase("cat/@eaDir/1.jpg")]
    [TestCase("cat/._1.jpg")]
    [TestCase("cat/Thumbs.db")]
    [TestCase(".git/x/1.jpg")]
    public void Hidden_and_tool_folders_are_no_classes(string name)
    {
        var folder = Read("cat/1.jpg", "dog/1.jpg", name);
        Assert.That(folder.ClassNames, Is.EqualTo(new[] { "cat", "dog" }));
        Assert.That(folder.Training, Has.Count.EqualTo(2));
        Assert.That(folder.LeftOut, Is.EqualTo(new Dictionary<string, int> { ["hidden or tool file or folder"] = 1 }));
    }

    [Test]
    public void Nested_folders_keep_their_first_level()
    {
        var folder = Read("cat/1.jpg", "dog/1.jpg", "dog/session2/x.jpg", "dog/a/b/c/y.jpg");
        Assert.That(folder.Training.Select(i => i.Label), Is.EqualTo(new[] { "cat", "dog", "dog", "dog" }));
        Assert.That(folder.Training.Select(i => i.Name), Does.Contain("dog/session2/x.jpg"));
    }

    [TestCase("train", "val", "test")]
    [TestCase("train", "valid", "test")]
    [TestCase("Training", "Validation", "Testing")]
    [TestCase("around/train", "around/VAL", "around/TEST")]
    public void Parts_have_their_own_folders(string train, string validation, string test)
    {
        var folder = Read($"{train}/cat/1.jpg", $"{train}/dog/1.jpg", $"{train}/dog/deeper/2.jpg",
            $"{validation}/cat/2.jpg", $"{test}/dog/3.jpg");
        Assert.That(folder.Training.Select(i => i.Label), Is.EqualTo(new[] { "cat", "dog", "dog" }));
        Assert.That(folder.Validation.Select(i => i.Label), Is.EqualTo(new[] { "cat" }));
        Assert.That(folder.Test.Select(i => i.Label), Is.EqualTo(new[] { "dog" }));
        Assert.That(folder.LeftOut, Is.Empty);
    }

    [Test]
    public void A_test_folder_stands_beside_class_folders_or_alone()
    {
        var beside = Read("cat/1.jpg", "dog/1.jpg", "test/cat/2.jpg", "test/dog/2.jpg");
        Assert.That((beside.Training.Count, beside.Test.Count), Is.EqualTo((2, 2)));
        var alone = Read("test/cat/2.jpg", "test/dog/2.jpg");
        Assert.That((alone.Training.Count, alone.Test.Count), Is.EqualTo((0, 2)));
        Assert.That(alone.ClassNames, Is.EqualTo(new[] { "cat", "dog" }));
    }

    [TestCase("train/1.jpg")]
    [TestCase("train/old/1.jpg")]
    [TestCase("test/1.jpg")]
    [TestCase("test/old/1.jpg")]
    public void A_class_may_be_called_like_a_part(string name)
    {
        var folder = Read("bus/1.jpg", "car/1.jpg", name);
        Assert.That(folder.ClassNames, Is.EqualTo(new[] { "bus", "car", name.Split('/')[0] }));
        Assert.That(folder.Training, Has.Count.EqualTo(3));
    }

    [Test]
    public void What_belongs_to_no_class_is_counted_by_reason()
    {
        var folder = Read(
            "train/cat/1.jpg",
            "val/cat/1.jpg",
            "extra/3.jpg",
            "extra/4.jpg",
            "alone.jpg",
            "train/cat/notes.txt",
            "train/cat/1.xml",
            "train/cat/2.xml",
            "README");
        Assert.That(folder.LeftOut, Is.EqualTo(new Dictionary<string, int>
        {
            [".txt file that is not a JPEG, PNG, GIF, BMP or WebP"] = 1,
            [".xml file that is not a JPEG, PNG, GIF, BMP or WebP"] = 2,
            ["file without an extension that is not a JPEG, PNG, GIF, BMP or WebP"] = 1,
            ["image next to the class folders"] = 1,
            ["image outside the folders train, validation and test"] = 2,
        }));
        Assert.That(folder.ToString(), Does.Contain("1 training, 1 validation and 0 test images of 1 classes (cat)")
            .And.Contain("2 × .xml file that is no"));
    }

    [Test]
    public void Content_decides_what_an_image_is()
    {
        var folder = Read(
            ("cat/1", s_image), ("cat/2.dat", s_image), ("cat/3.JFIF", []), ("cat/4.jpe", []), ("cat/5.webp", []),
            ("dog/1.tif", [.. "II*\0"u8, 1, 2]),
            ("dog/2.bmp", s_image));
        Assert.That(folder.Training.Select(i => i.Name),
            Is.EqualTo(new[] { "cat/1", "cat/2.dat", "cat/3.JFIF", "cat/4.jpe", "cat/5.webp", "dog/2.bmp" }));
        Assert.That(folder.LeftOut.Single().Key, Does.StartWith(".tif file"));
    }

    [Test]
    [Platform("Unix")]
    public void Links_are_followed_once_and_never_in_a_circle()
    {
        var name = Write(("x/cat/1.jpg", s_image), ("x/dog/1.jpg", s_image), ("elsewhere/2.jpg", s_image));
        Directory.CreateSymbolicLink($"{name}/x/cat/again", $"{name}/x");
        Directory.CreateSymbolicLink($"{name}/x/cat/more", $"{name}/elsewhere");
        Directory.CreateSymbolicLink($"{name}/x/dog/more", $"{name}/elsewhere");
        Directory.CreateSymbolicLink($"{name}/x/bird", "cat");
        File.CreateSymbolicLink($"{name}/x/dog/same.jpg", "1.jpg");
        File.CreateSymbolicLink($"{name}/x/dog/gone.jpg", "nowhere.jpg");
        File.CreateSymbolicLink($"{name}/x/dog/self.jpg", "self.jpg");
        var folder = ImageFolder.Read($"{name}/x");
        Assert.That(
            folder.Training.Select(i => i.Name), Is.EqualTo(new[] { "cat/1.jpg", "cat/more/2.jpg", "dog/1.jpg" }));
        Assert.That(folder.LeftOut["link in a circle"], Is.EqualTo(2), "again, and again within bird");
        Assert.That(folder.LeftOut["folder reached again through a link"], Is.EqualTo(2));
        Assert.That(folder.LeftOut["image reached again through a link"], Is.EqualTo(2));
        Assert.That(folder.LeftOut["broken link"], Is.EqualTo(2));
    }

    [Test]
    [Platform("Unix")]
    public void A_folder_of_links_to_a_pool_of_images_is_read()
    {
        var name = Write(("pool/1.jpg", s_image), ("pool/2.jpg", s_image), ("pool/3.jpg", s_image));
        foreach (var (link, target) in new[] { ("train/cat/1.jpg", 1), ("train/dog/2.jpg", 2), ("test/dog/3.jpg", 3) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName($"{name}/{link}")!);
            File.CreateSymbolicLink($"{name}/{link}", $"{name}/pool/{target}.jpg");
        }
        var folder = ImageFolder.Read(name);
        Assert.That(folder.Training.Select(i => i.Name), Is.EqualTo(new[] { "train/cat/1.jpg", "train/dog/2.jpg" }));
        Assert.That(folder.Test.Select(i => i.Name), Is.EqualTo(new[] { "test/dog/3.jpg" }));
        Assert.That(folder.LeftOut["image outside the folders train, validation and test"], Is.EqualTo(3));
    }

    [Test]
    public void Random_trees_lose_no_image_silently([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        string[] names =
            ["cat", "dog", "train", "val", "test", ".git", "__pycache__", "session", "1.jpg", "2.txt", "3"];
        var paths = Enumerable.Range(0, 30)
            .Select(_ =>
                string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => names[random.Next(8)]))
                + "/"
                + names[random.Next(8, 11)])
            .Distinct()
            .ToList();
        var folder = Read([.. paths]);
        var hidden = paths.Where(p => p.Split('/').Any(s => s is ".git" or "__pycache__")).ToList();
        var counted =
            folder.LeftOut.Where(r => !r.Key.StartsWith("hidden", StringComparison.Ordinal)).Sum(r => r.Value);
        var listed = folder.Training.Concat(folder.Validation).Concat(folder.Test).ToList();
        Assert.That(listed.Count + counted + hidden.Count, Is.EqualTo(paths.Count), folder.ToString());
        Assert.That(folder.LeftOut.ContainsKey("hidden or tool file or folder"), Is.EqualTo(hidden.Count > 0));
        Assert.That(listed.Select(i => i.Name), Is.Unique.And.All.EndsWith("1.jpg"));
        Assert.That(folder.ClassNames, Is.SubsetOf(names));
    }

    [Test]
    public void Unicode_forms_of_a_name_are_one_class()
    {
        const string name = "grün";
        var folder = Read(
            $"{name.Normalize(NormalizationForm.FormC)}/1.jpg", $"{name.Normalize(NormalizationForm.FormD)}/2.jpg");
        Assert.That(folder.ClassNames, Is.EqualTo(new[] { "grün" }));
        Assert.That(folder.Training, Has.Count.EqualTo(2));
    }

    [Test]
    public void Rows_go_to_mlnet_as_they_are()
    {
        var name = Write([
            .. Enumerable
                .Range(0, 20)
                .Select(i => ($"{TinyRows.Label(i)}/{i}.bmp", TinyRows.Bitmap(TinyRows.Planar(i)))),
        ]);
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(ImageFolder.Read(name).Training);
        Assert.That(data.Schema.Select(c => c.Name), Is.EquivalentTo(new[] { "Image", "Label", "Name", "ImagePath" }));
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.PaT().ImageClassification(TinyRows.Options))
            .Fit(data);
        Assert.That(model.Transform(data).GetColumn<float[]>("Score").Count(), Is.EqualTo(20));
        Assert.That(
            ml.Transforms.LoadRawImageBytes("Again", null, "ImagePath")
                .Fit(data)
                .Transform(data)
                .GetColumn<byte[]>("Again")
                .First(),
            Has.Length.GreaterThan(0));
    }

    [Test]
    public void A_file_that_cannot_be_opened_gives_no_bytes()
    {
        var name = Write(("cat/1.jpg", s_image));
        var image = ImageFolder.Read(name).Training.Single();
        Assert.That(image.Image, Is.EqualTo(s_image));
        File.Delete(image.ImagePath);
        Assert.That(image.Image, Is.Empty);
    }

    [Test]
    public void A_path_that_is_not_there_is_named() => Assert.That(() => ImageFolder.Read("/no/such"),
        Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("/no/such"));

    private ImageFolder Read(params string[] names) =>
        Read([.. names.Select(n => (n, n.EndsWith(".jpg", StringComparison.Ordinal) ? s_image : "text"u8.ToArray()))]);

    private ImageFolder Read(params (string Name, byte[] Content)[] files) => ImageFolder.Read(Write(files));

    private string Write(params (string Name, byte[] Content)[] files)
    {
        var folder = new TemporaryFolder();
        _folders.Add(folder);
        foreach (var (name, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Name, name))!);
            File.WriteAllBytes(Path.Combine(folder.Name, name), content);
        }
        return folder.Name;
    }
}
