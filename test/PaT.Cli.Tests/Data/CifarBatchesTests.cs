
namespace PaT.Cli.Tests;

public sealed class CifarBatchesTests
{
    [Test]
    public void The_archive_gives_labels_and_pixels()
    {
        using var folder = new TemporaryFolder();
        var set = ImageSources.Open(folder.Write("a.tar.gz", Drawings.BinaryArchive(40, 20)), CancellationToken.None);
        Assert.That((set.Name, set.Encoded, set.Train.Count, set.Test.Count), Is.EqualTo(("CIFAR-10", false, 40, 20)));
        for (var i = 0; i < 40; i++)
        {
            Assert.That(set.Train[i].Label, Is.EqualTo(Shapes.All[i % 10].Name));
            Assert.That(set.Train[i].Read(), Is.EqualTo(ShapeImages.Render(i, i % 10)));
        }
    }

    [Test]
    public void The_unpacked_folder_gives_the_same([Values("", "cifar-10-batches-bin/")] string below)
    {
        using var folder = new TemporaryFolder();
        folder.Write(below + "data_batch_1.bin", Drawings.Batch(0, 20));
        folder.Write(below + "test_batch.bin", Drawings.Batch(20, 20));
        var set = ImageSources.Open(folder.Path, CancellationToken.None);
        Assert.That((set.Train.Count, set.Test.Count), Is.EqualTo((20, 20)));
        Assert.That(
            set.Train[0].Label, Is.EqualTo("airplane"), "the standard names stand in for a missing batches.meta.txt");
    }

    [Test]
    public void A_truncated_batch_is_an_error()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data_batch_1.bin", Drawings.Batch(0, 20)[..^1]);
        Assert.That(
            () => ImageSources.Open(folder.Path, CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("data_batch_1.bin"));
    }

    [Test]
    public void A_label_out_of_range_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var batch = Drawings.Batch(0, 20);
        batch[3073 * 7] = 10;
        folder.Write("data_batch_1.bin", batch);
        Assert.That(
            () => ImageSources.Open(folder.Path, CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("record 7"));
    }
}
