using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.PaT.Tests;

public class ModelArchiveTests
{
    [Test]
    public void A_loaded_classifier_is_the_saved_one_and_so_is_the_report()
    {
        using var saved = TinyClassifiers.Create();
        using var stream = new MemoryStream(Save(saved));
        var (loaded, report) = ModelArchive.Load(stream);
        using (loaded)
        {
            Assert.That(loaded.Classes, Is.EqualTo(saved.Classes));
            Assert.That(loaded.Normalization.Mean, Is.EqualTo(saved.Normalization.Mean));
            Assert.That(loaded.Network.ToJson(), Is.EqualTo(saved.Network.ToJson()));
            var pictures = TinyClassifiers.Pictures(5);
            var (a, b) = (new float[15], new float[15]);
            saved.Score(pictures, a);
            loaded.Score(pictures, b);
            Assert.That(b, Is.EqualTo(a));
        }
        var expected = TinyClassifiers.Report();
        Assert.That(report.Dataset, Is.EqualTo(expected.Dataset));
        Assert.That(report.Epochs, Is.EqualTo(expected.Epochs));
        Assert.That(report.Widths["conv1"], Is.EqualTo(new[] { 16, 8 }));
        Assert.That(report.Pictures.Unreadable, Is.EqualTo(expected.Pictures.Unreadable));
        Assert.That(report.Observations[0].Reason, Is.EqualTo("too early"));
    }

    [Test]
    public void Saving_twice_gives_the_same_bytes()
    {
        using var classifier = TinyClassifiers.Create();
        Assert.That(Save(classifier), Is.EqualTo(Save(classifier)));
    }

    [Test]
    public void A_stream_that_cannot_seek_will_do()
    {
        using var classifier = TinyClassifiers.Create();
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(Save(classifier));
        packed.Position = 0;
        using var stream = new GZipStream(packed, CompressionMode.Decompress);
        using var loaded = ModelArchive.Load(stream).Classifier;
        Assert.That(loaded.Classes, Has.Count.EqualTo(3));
    }

    [Test]
    public void Truncated_archives_are_refused()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = Save(classifier);
        for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 97))
            Assert.That(() => ModelArchive.Load(new MemoryStream(bytes, 0, length)), Throws.TypeOf<InvalidArchiveException>(), $"first {length} bytes");
    }

    [Test]
    public void A_changed_byte_anywhere_is_refused_or_changes_nothing()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = Save(classifier);
        var pictures = TinyClassifiers.Pictures(2);
        var (expected, actual) = (new float[6], new float[6]);
        classifier.Score(pictures, expected);
        var random = new Random(11);
        for (var i = 0; i < 400; i++)
        {
            var copy = bytes.ToArray();
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using var loaded = ModelArchive.Load(new MemoryStream(copy)).Classifier;
                loaded.Score(pictures, actual);
                Assert.That(actual, Is.EqualTo(expected)); // a time stamp, say
            }
            catch (InvalidArchiveException)
            {
            }
        }
    }

    [TestCase("manifest.json", "\"version\": 1", "\"version\": 2", "Update")]
    [TestCase("manifest.json", "\"format\": \"Microsoft.ML.PaT\"", "\"format\": \"other\"", "other")]
    [TestCase("manifest.json", "{", "", "")]
    [TestCase("network.json", "resnet8", "resnet9", "network.json")]
    [TestCase("classes.json", "class 0", "class 9", "classes.json")]
    [TestCase("normalization.json", "mean", "Mean", "normalization.json")]
    [TestCase("report.json", "taylor", "Taylor", "report.json")]
    public void Newer_other_and_tampered_archives_are_refused_by_name(string entry, string old, string changed, string named)
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = Rewrite(Save(classifier), entry, content => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace(old, changed)));
        Assert.That(() => ModelArchive.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidArchiveException>().With.Message.Contains(named));
    }

    [TestCase("manifest.json")]
    [TestCase("network.json")]
    [TestCase("weights.safetensors")]
    [TestCase("report.json")]
    public void A_missing_entry_is_named(string entry)
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = Rewrite(Save(classifier), entry, _ => null);
        Assert.That(() => ModelArchive.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidArchiveException>().With.Message.Contains(entry));
    }

    [Test]
    public void An_entry_that_unfolds_without_end_is_refused_before_memory_is_taken_for_it()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = Rewrite(Save(classifier), "manifest.json", _ => new byte[64 << 20]);
        Assert.That(bytes, Has.Length.LessThan(1 << 20));
        Assert.That(() => ModelArchive.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidArchiveException>().With.Message.Contains("larger than"));
    }

    [Test]
    public void Compressed_weights_are_refused_because_they_could_claim_any_size()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = Rewrite(Save(classifier), "weights.safetensors", _ => new byte[64 << 20]);
        Assert.That(() => ModelArchive.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidArchiveException>().With.Message.Contains("uncompressed"));
    }

    [Test]
    public void Something_else_is_refused() =>
        Assert.That(() => ModelArchive.Load(new MemoryStream("not a zip at all"u8.ToArray())), Throws.TypeOf<InvalidArchiveException>());

    private static byte[] Save(ImageClassifier classifier)
    {
        using var stream = new MemoryStream();
        ModelArchive.Save(stream, classifier, TinyClassifiers.Report());
        return stream.ToArray();
    }

    private static byte[] Rewrite(byte[] archive, string changed, Func<byte[], byte[]?> change)
    {
        using var result = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read))
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries)
            {
                using var content = new MemoryStream();
                using (var stream = entry.Open()) stream.CopyTo(content);
                var bytes = entry.FullName == changed ? change(content.ToArray()) : content.ToArray();
                if (bytes is null) continue;
                var stored = entry.FullName.EndsWith("safetensors", StringComparison.Ordinal) && entry.FullName != changed;
                using var copy = target.CreateEntry(entry.FullName, stored ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
                copy.Write(bytes);
            }
        }
        return result.ToArray();
    }
}
