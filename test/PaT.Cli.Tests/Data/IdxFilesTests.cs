using System.IO.Compression;

namespace PaT.Cli.Tests;

public sealed class IdxFilesTests
{
    [Test]
    public void Gray_images_and_labels_come_back([Values] bool packed)
    {
        using var folder = new TemporaryFolder();
        Write(folder, packed, train: 30, test: 10);
        var set = ImageSources.Open(folder.Path, CancellationToken.None);
        Assert.That((set.Encoded, set.Train.Count, set.Test.Count, set.Classes.Count), Is.EqualTo((true, 30, 10, 3)));
        for (var i = 0; i < 30; i++)
        {
            Assert.That(set.Train[i].Label, Is.EqualTo($"{i % 3}"));
            var planar = ImageDecoder.Decode(set.Train[i].Read(), new ImageShape(3, 4, 5));
            for (var p = 0; p < planar.Length; p++)
            {
                Assert.That(planar[p], Is.EqualTo((byte)((7 * i) + (p % 20))));
            }
        }
    }

    [TestCase("missing")]
    [TestCase("truncated")]
    [TestCase("something else")]
    [TestCase("too few labels")]
    public void A_file_that_is_wrong_is_an_error(string wrong)
    {
        using var folder = new TemporaryFolder();
        Write(folder, packed: false, train: 30, test: 10);
        var images = Path.Combine(folder.Path, "t10k-images-idx3-ubyte");
        var labels = Path.Combine(folder.Path, "t10k-labels-idx1-ubyte");
        switch (wrong)
        {
            case "missing": File.Delete(labels); break;
            case "truncated": File.WriteAllBytes(images, File.ReadAllBytes(images)[..^1]); break;
            case "something else": File.WriteAllText(labels, "these are not labels at all"); break;
            default: File.WriteAllBytes(labels, Labels(9)); break;
        }

        Assert.That(
            () => ImageSources.Open(folder.Path, CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("t10k"));
    }

    private static void Write(TemporaryFolder folder, bool packed, int train, int test)
    {
        foreach (var (part, count) in new[] { ("train", train), ("t10k", test) })
        {
            var images =
                Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(0, 20).Select(p => (byte)((7 * i) + p)));
            folder.Write(
                Name($"{part}-images-idx3-ubyte"),
                Packed([0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 4, 0, 0, 0, 5, .. images]));
            folder.Write(Name($"{part}-labels-idx1-ubyte"), Packed(Labels(count)));
        }

        string Name(string name) => packed ? name + ".gz" : name;

        byte[] Packed(byte[] bytes)
        {
            if (!packed)
            {
                return bytes;
            }

            using var memory = new MemoryStream();
            using (var gzip = new GZipStream(memory, CompressionMode.Compress))
            {
                gzip.Write(bytes);
            }

            return memory.ToArray();
        }
    }

    private static byte[] Labels(int count) =>
        [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];
}
