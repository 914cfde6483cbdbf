using System.Formats.Tar;
using System.IO.Compression;

namespace Microsoft.ML.PaT.Tests;

public sealed class ImageArchiveTests
{
    private static readonly byte[] s_image = [0xFF, 0xD8, 0xFF, .. new byte[30]];
    private static readonly string[] s_kinds = [".zip", ".tar", ".tar.gz"];
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void An_archive_is_read_by_the_rule_of_folders([ValueSource(nameof(s_kinds))] string kind)
    {
        var folder = Read(
            kind,
            "set/train/cat/1.jpg",
            "set/train/dog/deep/2",
            "./set/val/cat/3.jpg",
            "set/test/dog/4.jpg",
            "__MACOSX/set/._1.jpg",
            "set/notes.txt",
            "../out/cat/1.jpg");
        Assert.That(folder.Training.Select(i => (i.Name, i.Label, i.ImagePath)),
            Is.EqualTo(new[] { ("set/train/cat/1.jpg", "cat", ""), ("set/train/dog/deep/2", "dog", "") }));
        Assert.That((folder.Validation.Single().Label, folder.Test.Single().Label), Is.EqualTo(("cat", "dog")));
        Assert.That(folder.Training[1].Image, Is.EqualTo(s_image));
        Assert.That(
            folder.LeftOut.Keys,
            Is.EqualTo(
                new[]
                {
                    ".txt file that is not a JPEG, PNG, GIF, BMP or WebP",
                    "hidden or tool file or folder",
                    "path that leads out of the archive",
                }));
    }

    [Test]
    public void Hard_links_in_a_tar_are_images_and_symbolic_ones_are_counted()
    {
        var file = Path.Combine(_folder.Name, "links.tar");
        using (var tar = new TarWriter(File.Create(file)))
        {
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "cat/1.jpg") { DataStream = new MemoryStream(s_image) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "dog/1.jpg") { LinkName = "cat/1.jpg" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "dog/2.jpg") { LinkName = "1.jpg" });
        }
        var folder = ImageFolder.Read(file);
        Assert.That(folder.Training.Select(i => i.Name), Is.EqualTo(new[] { "cat/1.jpg", "dog/1.jpg" }));
        Assert.That(folder.Training[1].Image, Is.EqualTo(s_image));
        Assert.That(folder.LeftOut, Is.EqualTo(new Dictionary<string, int> { ["link in an archive"] = 1 }));
    }

    [TestCase("FD377A585A00", "xz")]
    [TestCase("425A68393141", "bzip2")]
    [TestCase("28B52FFD0000", "Zstandard")]
    [TestCase("377ABCAF271C", "7z")]
    [TestCase("526172211A07", "RAR")]
    [TestCase("FFD8FFE00010", "single image")]
    [TestCase("", "no bytes")]
    [TestCase("54686973", "not a .zip")]
    public void Other_files_are_named(string bytes, string what)
    {
        var file = Path.Combine(_folder.Name, "other");
        File.WriteAllBytes(file, Convert.FromHexString(bytes));
        Assert.That(
            () => ImageFolder.Read(file),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains(what).And.Message.Contains(file));
    }

    [Test]
    public void Damaged_archives_are_refused_or_read([ValueSource(nameof(s_kinds))] string kind) => Damage(kind, 100);

    [Test, Category("Long")]
    public void Many_damaged_archives_are_refused_or_read([ValueSource(nameof(s_kinds))] string kind) =>
        Damage(kind, 3400);

    private void Damage(string kind, int count)
    {
        var whole = Pack(kind, [.. Enumerable.Range(0, 6).Select(i => $"set/{(i % 2 == 0 ? "cat" : "dog")}/{i}.jpg")]);
        var file = Path.Combine(_folder.Name, "damaged" + kind);
        for (var seed = 0; seed < count; seed++)
        {
            File.WriteAllBytes(file, Mutations.Of(whole, seed));
            try
            {
                var folder = ImageFolder.Read(file);
                Assert.That(folder.Training, Has.Count.AtMost(8));
            }
            catch (InvalidImageDataException e)
            {
                Assert.That(e.Message, Does.Contain(file));
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
    }

    private ImageFolder Read(string kind, params string[] names)
    {
        var file = Path.Combine(_folder.Name, "images" + kind);
        File.WriteAllBytes(file, Pack(kind, names));
        return ImageFolder.Read(file);
    }

    private static byte[] Pack(string kind, string[] names)
    {
        using var memory = new MemoryStream();
        if (kind == ".zip")
        {
            using var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true);
            zip.CreateEntry("set/");
            foreach (var name in names)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Content(name));
            }
        }
        else
        {
            using var tar = new TarWriter(
                kind == ".tar" ? memory : new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true),
                leaveOpen: kind == ".tar");
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "set/"));
            foreach (var name in names)
            {
                tar.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Content(name)) });
            }
        }
        return memory.ToArray();
    }

    private static byte[] Content(string name) => name.EndsWith(".txt", StringComparison.Ordinal) ? [1, 2] : s_image;
}
