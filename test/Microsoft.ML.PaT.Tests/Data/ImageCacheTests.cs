using Microsoft.ML.PaT.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

public class ImageCacheTests
{
    private readonly List<string> _said = [];

    [SetUp]
    public void Forget() => _said.Clear();

    [Test]
    public void A_set_in_a_file_is_the_set_in_memory()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var memory = TinyImages.Store(50);
        using var disk = TinyImages.OnDisk(memory, Path.Combine(folder.Name, "a.images"));
        Assert.That(
            (disk.Count, disk.Shape, disk.IsOnDisk, memory.IsOnDisk), Is.EqualTo((50, memory.Shape, true, false)));
        Assert.That(disk.LabelCounts, Is.EqualTo(memory.LabelCounts));
        var rows = tensor(new long[] { 49, 0, 7, 7 });
        Assert.That(disk.Read(rows).bytes.SequenceEqual(memory.Read(rows).bytes), Is.True);
        Assert.That(disk.Read(3, 20).bytes.SequenceEqual(memory.Read(3, 20).bytes), Is.True);
        var (a, b) = (PixelStatistics.Of(disk), PixelStatistics.Of(memory));
        Assert.That((a.Mean, a.StandardDeviation), Is.EqualTo((b.Mean, b.StandardDeviation)));
        var (training, validation) = disk.Split(0.2, seed: 1);
        var (expected, other) = memory.Split(0.2, seed: 1);
        foreach (var (part, same) in new[] { (training, expected), (validation, other) })
        {
            Assert.That(part.Read(0, part.Count).bytes.SequenceEqual(same.Read(0, same.Count).bytes), Is.True);
            Assert.That(part.Labels.bytes.SequenceEqual(same.Labels.bytes), Is.True);
        }
        foreach (var part in new[] { training, validation, expected, other }) part.Dispose();
    }

    [Test]
    public void The_second_time_nothing_is_decoded_and_what_was_unreadable_is_still_known()
    {
        using var folder = new TemporaryFolder();
        Get(folder.Name).Images.Dispose();
        Assert.That(_said, Has.One.Contains("Keeping up to 40 decoded images"));
        var (again, known) = Get(folder.Name, fill: _ => throw new AssertionException("decoded again"));
        using (again)
        {
            Assert.That(
                (again.Count, known.UnreadableCount, known.Unreadable[0]), Is.EqualTo((40, 1, "row 7: it is empty")));
        }
        Assert.That(_said, Has.One.Contains("Using the images decoded before"));
        Assert.That(Directory.GetFiles(folder.Name, "*.new"), Is.Empty);
    }

    // Without them 100 bytes would be free; together they may have 50.
    [TestCase(0, 10, 20, 10)]
    [TestCase(1, 10, 20, 25)]
    [TestCase(2, 10, 20, 40)]
    [TestCase(2, 10, 20, 90)]
    public void The_files_that_were_not_used_for_the_longest_time_make_room(
        int expected, long oldest, long newest, long wanted) =>
        Assert.That(ImageCacheSpace.Surplus([oldest, newest], 100 - oldest - newest, wanted), Is.EqualTo(expected));

    [Test]
    public void Using_a_set_dates_it()
    {
        using var folder = new TemporaryFolder();
        Get(folder.Name).Images.Dispose();
        var turn = Directory.GetFiles(folder.Name, "*.lock").Single();
        File.SetLastWriteTimeUtc(turn, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Get(folder.Name).Images.Dispose();
        Assert.That(File.GetLastWriteTimeUtc(turn).Year, Is.GreaterThan(2020));
    }

    [TestCase("cut short")]
    [TestCase("empty")]
    [TestCase("longer")]
    [TestCase("older version")]
    [TestCase("something else")]
    [TestCase("one bit of an image")]
    [TestCase("one bit of a label")]
    [TestCase("one bit of a weight")]
    [TestCase("one bit of the names")]
    public void A_damaged_file_is_made_anew_with_a_warning(string damage)
    {
        using var folder = new TemporaryFolder();
        Get(folder.Name).Images.Dispose();
        var file = Directory.GetFiles(folder.Name, "*.images").Single();
        var whole = File.ReadAllBytes(file);
        var bytes = whole.ToArray();
        var labels = 4096 + 40 * 192;
        switch (damage)
        {
            case "cut short": bytes = bytes[..^1]; break;
            case "empty": bytes = []; break;
            case "longer": bytes = [.. bytes, 0]; break;
            case "older version": bytes[8]--; break;
            case "something else": bytes[0]++; break;
            case "one bit of an image": bytes[4096 + 17 * 192 + 5] ^= 16; break;
            case "one bit of a label": bytes[labels + 9] ^= 1; break;
            case "one bit of a weight": bytes[labels + 40 * 4 + 2] ^= 1; break;
            default: bytes[^5] ^= 1; break;
        }
        File.WriteAllBytes(file, bytes);
        using var anew = Get(folder.Name).Images;
        Assert.That(_said, Has.One.StartsWith("The decoded images in " + file));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(whole));
    }

    [Test]
    public void A_file_that_changes_under_the_run_is_an_error_that_says_so_and_ends_nothing()
    {
        using var folder = new TemporaryFolder();
        using var images = Get(folder.Name).Images;
        var file = Directory.GetFiles(folder.Name, "*.images").Single();
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.Position = 4096 + 3 * 192;
            stream.WriteByte(1);
            stream.WriteByte(2);
        }
        images.Read(4, 1).Dispose();
        Assert.That(
            () => images.Read(3, 1),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("image 3 does not match its checksum"));
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            stream.SetLength(4096 + 10 * 192 + 7);
        Assert.That(
            () => images.Read(10, 1),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("truncated").And.Message.Contains(file));
        images.Read(9, 1).Dispose();
        Assert.That(() => PixelStatistics.Of(images), Throws.TypeOf<InvalidFileException>(), "on many threads too");
    }

    [Test]
    public void A_full_disk_says_how_to_go_on()
    {
        Assume.That(File.Exists("/dev/full"), Is.True, "needs /dev/full");
        using var folder = new TemporaryFolder();
        // Leftovers are deleted before, so the disk gets full later.
        Assert.That(
            () => Get(
                folder.Name,
                keeping: () => File.CreateSymbolicLink(Path.Combine(folder.Name, "f.images.new"), "/dev/full")),
            Throws.TypeOf<InvalidFileException>()
                .With.Message.Contains("CacheFolder").And.Message.Contains("f.images"));
        Assert.That(
            () => ImageCacheSpace.Require(Path.Combine(folder.Name, "f.images"), long.MaxValue),
            Throws.InstanceOf<IOException>().With.Message.Contains("are needed"));
        Assert.That(() => ImageCacheSpace.Require(Path.Combine(folder.Name, "f.images"), 1), Throws.Nothing);
    }

    [Test]
    public void Unfinished_files_of_killed_processes_are_deleted_before_the_space_is_measured()
    {
        using var folder = new TemporaryFolder();
        var (own, other, used) = (File("f.images.new"), File("g.images.new"), File("h.images.new"));
        foreach (var path in new[] { own, other, used }) System.IO.File.WriteAllText(path, "unfinished");
        using var writer = ImageCache.Lock(File("h.images"));
        var left = Array.Empty<string>();
        Get(folder.Name, keeping: () => left = Directory.GetFiles(folder.Name, "*.new")).Images.Dispose();
        Assert.That(left, Is.EqualTo(new[] { used }), "a process is writing it");

        string File(string name) => Path.Combine(folder.Name, name);
    }

    [Test]
    public void What_goes_wrong_at_the_source_comes_out_as_it_is_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => Get(folder.Name, sink =>
        {
            sink.Add(new byte[192], 0);
            throw new IOException("the source is gone");
        }), Throws.TypeOf<IOException>().With.Message.EqualTo("the source is gone"));
        Assert.That(Directory.GetFiles(folder.Name).Select(Path.GetExtension), Is.EqualTo(new[] { ".lock" }));
    }

    [Test]
    public async Task Whoever_comes_second_waits_for_the_first()
    {
        using var folder = new TemporaryFolder();
        using var canceled = new CancellationTokenSource();
        var first = new FileStream(
            Path.Combine(folder.Name, "f.images.lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        var stopped = Task.Run(() => Get(folder.Name, cancellation: canceled.Token));
        canceled.Cancel();
        Assert.That(async () => await stopped, Throws.InstanceOf<OperationCanceledException>());
        var second = Task.Run(() => Get(folder.Name));
        while (_said.Count(s => s.StartsWith("Another process", StringComparison.Ordinal)) < 2) await Task.Delay(5);
        Assert.That(second.IsCompleted, Is.False);
        await first.DisposeAsync();
        (await second).Images.Dispose();
    }

    /// <param name="keeping">Called when there is room for the file, before it is written.</param>
    private (ImageDataset Images, ImageCacheIndex Index) Get(
        string folder,
        Func<ImageSink, ImageCacheIndex>? fill = null,
        Action? keeping = null,
        CancellationToken cancellation = default)
    {
        using var source = TinyImages.Store(40);
        var observer = IRunObserver.Of(happened =>
        {
            _said.Add(happened.Text);
            if (happened.Text.StartsWith("Keeping", StringComparison.Ordinal)) keeping?.Invoke();
        });
        return new ImageCache(folder, observer).Get(
            "f", source.Shape, source.Classes, 40, fill ?? (sink => TinyImages.Fill(source, sink)), cancellation);
    }
}
