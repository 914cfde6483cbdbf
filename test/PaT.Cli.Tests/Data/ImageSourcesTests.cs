using System.Security.Cryptography;

namespace PaT.Cli.Tests;

public sealed class ImageSourcesTests
{
    [Test]
    public void What_was_asked_for_comes_first()
    {
        using var folder = new TemporaryFolder();
        var asked = folder.Write("asked.tar.gz", Drawings.BinaryArchive(40, 20));
        var said = new List<string>();
        var set = new ImageSources(said.Add) { Variable = folder.Path }.FindAsync(asked, CancellationToken.None).Result;
        Assert.That(set.Origin, Is.EqualTo(asked));
        Assert.That(said, Has.One.Contains("40 training and 20 test images"));
    }

    [Test]
    public void A_missing_folder_that_was_asked_for_is_an_error()
    {
        Assert.That(
            () => new ImageSources(_ => { }).FindAsync("/no/such/folder", CancellationToken.None),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("/no/such/folder"));
    }

    [Test]
    public void The_variable_comes_before_the_cache()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("mine.tar.gz", Drawings.BinaryArchive(40, 20));
        folder.Write("cifar-10-binary.tar.gz", Drawings.BinaryArchive(60, 20));
        var set = new ImageSources(_ => { }) { Variable = file, Cache = folder.Path }
            .FindAsync(null, CancellationToken.None)
            .Result;
        Assert.That(set.Train, Has.Count.EqualTo(40));
    }

    [Test]
    public void The_variable_may_be_the_word_for_drawn_images()
    {
        var set = new ImageSources(_ => { }) { Variable = ImageSources.Drawn }
            .FindAsync(null, CancellationToken.None)
            .Result;
        Assert.That(set.Name, Is.EqualTo("ten drawn shapes"));
    }

    [Test]
    public void A_variable_that_names_nothing_is_said_and_passed_over()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cifar-10-binary.tar.gz", Drawings.BinaryArchive(60, 20));
        var said = new List<string>();
        var set = new ImageSources(said.Add) { Variable = "/no/such/file", Cache = folder.Path }
            .FindAsync(null, CancellationToken.None)
            .Result;
        Assert.That(set.Train, Has.Count.EqualTo(60));
        Assert.That(said, Has.One.Contains("/no/such/file"));
        Assert.That(said, Has.One.Contains("without --data, the images are those of CIFAR-10: give --data PATH"));
    }

    [Test]
    public void The_archive_is_downloaded_once()
    {
        using var folder = new TemporaryFolder();
        var archive = Drawings.BinaryArchive(40, 20);
        using var server = new LoopbackServer(archive);
        var sources = new ImageSources(_ => { })
        {
            Variable = null,
            Cache = folder.File("cache"),
            Archive = server.Address,
            ArchiveMd5 = Convert.ToHexStringLower(MD5.HashData(archive)),
        };
        Assert.That(sources.FindAsync(null, CancellationToken.None).Result.Train, Has.Count.EqualTo(40));
        Assert.That(sources.FindAsync(null, CancellationToken.None).Result.Train, Has.Count.EqualTo(40));
        Assert.That(server.Ranges, Has.Count.EqualTo(1));
    }

    [Test]
    public void Without_images_and_network_shapes_are_drawn_and_announced()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer([]) { Status = 503 };
        var said = new List<string>();
        var set = new ImageSources(said.Add) { Variable = null, Cache = folder.Path, Archive = server.Address }
            .FindAsync(null, CancellationToken.None)
            .Result;
        Assert.That(set.Name, Is.EqualTo("ten drawn shapes"));
        Assert.That(said, Has.One.Contains("without --data, the images are drawings of ten shapes: give --data PATH"));
    }
}
