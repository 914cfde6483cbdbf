using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Tests;

public class ModelArchiveTests
{
    [Test]
    public void Images_of_the_data_stay_out_of_a_model()
    {
        using var classifier = TinyClassifiers.Create();
        using var stream = new MemoryStream();
        ModelArchive.Save(stream, classifier, Reports.Pruned());
        stream.Position = 0;
        var (loaded, report) = ModelArchive.Load(stream);
        using (loaded)
            Assert.That((report.Classification!.Worst.Count, report.Classification.Count), Is.EqualTo((0, 200)));
    }

    [Test]
    public void A_loaded_classifier_is_the_saved_one_and_so_is_the_report()
    {
        using var saved = TinyClassifiers.Create();
        using var stream = new MemoryStream(TinyArchives.Save(saved));
        var (loaded, report) = ModelArchive.Load(stream);
        using (loaded)
        {
            Assert.That(loaded.Classes, Is.EqualTo(saved.Classes));
            Assert.That(loaded.Normalization.Mean, Is.EqualTo(saved.Normalization.Mean));
            Assert.That(loaded.Network.ToJson(), Is.EqualTo(saved.Network.ToJson()));
            var images = TinyClassifiers.Images(5);
            var (a, b) = (new float[15], new float[15]);
            saved.Score(images, a);
            loaded.Score(images, b);
            Assert.That(b, Is.EqualTo(a));
        }
        var expected = TinyClassifiers.Report();
        Assert.That(report.Dataset, Is.EqualTo(expected.Dataset));
        Assert.That(report.Epochs, Is.EqualTo(expected.Epochs));
        Assert.That(report.Widths["conv1"], Is.EqualTo(new[] { 16, 8 }));
        Assert.That(report.Images.Unreadable, Is.EqualTo(expected.Images.Unreadable));
        Assert.That(report.Observations[0].Reason, Is.EqualTo("too early"));
    }

    [Test]
    public void A_model_that_ML_NET_saved_is_named()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("TrainingInfo/Version.txt");
        stream.Position = 0;
        Assert.That(
            () => ImageClassifier.Load(stream),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("model that ML.NET saved"));
    }

    [TestCase(1)]
    [TestCase(4)]
    public void A_classifier_of_images_with_other_channels_is_loaded_again(int channels)
    {
        var network = new NetworkBuilder("gray", new(channels, 8, 8));
        network.Linear("fc", network.GlobalAveragePool("pool", NetworkDefinition.InputName), 2);
        using var stream = new MemoryStream();
        using (var made = ImageClassifier.Create(
            NetworkArchitecture.Of(network.Build()), normalization: new([.. Enumerable.Repeat(0f, channels)],
                [.. Enumerable.Repeat(1f, channels)])))
        {
            ModelArchive.Save(stream, made);
        }
        stream.Position = 0;
        using var loaded = ModelArchive.LoadClassifier(stream);
        Assert.That(loaded.Input, Is.EqualTo(new ImageShape(channels, 8, 8)));
    }

    [Test]
    public void Saving_twice_gives_the_same_bytes()
    {
        using var classifier = TinyClassifiers.Create();
        Assert.That(TinyArchives.Save(classifier), Is.EqualTo(TinyArchives.Save(classifier)));
    }

    [Test]
    public void A_stream_that_cannot_seek_will_do()
    {
        using var classifier = TinyClassifiers.Create();
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(TinyArchives.Save(classifier));
        packed.Position = 0;
        using var stream = new GZipStream(packed, CompressionMode.Decompress);
        using var loaded = ModelArchive.Load(stream).Classifier;
        Assert.That(loaded.Classes, Has.Count.EqualTo(3));
    }

    [Test]
    public void Truncated_archives_are_refused()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyArchives.Save(classifier);
        for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 97))
        {
            Assert.That(
                () => ModelArchive.Load(new MemoryStream(bytes, 0, length)),
                Throws.TypeOf<InvalidFileException>(),
                $"first {length} bytes");
        }
    }

    [Test]
    public void A_changed_byte_anywhere_is_refused_or_changes_nothing()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyArchives.Save(classifier);
        var images = TinyClassifiers.Images(2);
        var (expected, actual) = (new float[6], new float[6]);
        classifier.Score(images, expected);
        var random = new Random(11);
        for (var i = 0; i < 400; i++)
        {
            var copy = bytes.ToArray();
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using var loaded = ModelArchive.Load(new MemoryStream(copy)).Classifier;
                loaded.Score(images, actual);
                Assert.That(actual, Is.EqualTo(expected)); // a time stamp, say
            }
            catch (InvalidFileException)
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
    public void Newer_other_and_tampered_archives_are_refused_by_name(
        string entry, string old, string changed, string named)
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyArchives.Rewrite(TinyArchives.Save(classifier), entry, content =>
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace(old, changed)));
        Assert.That(
            () => ModelArchive.Load(new MemoryStream(bytes)),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains(named));
    }

    [TestCase("manifest.json")]
    [TestCase("network.json")]
    [TestCase("weights.safetensors")]
    [TestCase("report.json")]
    public void A_missing_entry_is_named(string entry)
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyArchives.Rewrite(TinyArchives.Save(classifier), entry, _ => null);
        Assert.That(
            () => ModelArchive.Load(new MemoryStream(bytes)),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains(entry));
    }

    [Test]
    public void An_entry_that_unfolds_without_end_is_refused_before_memory_is_taken_for_it()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyArchives.Rewrite(TinyArchives.Save(classifier), "manifest.json", _ => new byte[64 << 20]);
        Assert.That(bytes, Has.Length.LessThan(1 << 20));
        Assert.That(
            () => ModelArchive.Load(new MemoryStream(bytes)),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("larger than"));
    }

    [Test]
    public void Compressed_weights_are_refused_because_they_could_claim_any_size()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyArchives.Rewrite(TinyArchives.Save(classifier), "weights.safetensors", _ => new byte[64 << 20]);
        Assert.That(
            () => ModelArchive.Load(new MemoryStream(bytes)),
            Throws.TypeOf<InvalidFileException>().With.Message.Contains("uncompressed"));
    }

    [TestCase("network.json")]
    [TestCase("classes.json")]
    [TestCase("normalization.json")]
    [TestCase("report.json")]
    public void Hostile_content_under_a_manifest_that_agrees_is_refused_or_harmless(string entry) => Hostile(entry, 60);

    [TestCase("network.json"), Category("Long")]
    [TestCase("classes.json")]
    [TestCase("normalization.json")]
    [TestCase("report.json")]
    public void Hostile_content_for_long(string entry) => Hostile(entry, 2500);

    [Test, Category("Long")]
    public void Ten_thousand_damaged_archives_are_refused_by_name_in_time_and_within_bounds()
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyArchives.Save(classifier);
        var random = new Random(5);
        var clock = new Stopwatch();
        for (var i = 0; i < 10_000; i++)
        {
            var copy = bytes.ToList();
            for (var hit = random.Next(1, 6); hit > 0; hit--)
            {
                var at = random.Next(copy.Count - 8);
                switch (random.Next(4))
                {
                    case 0: copy[at] = (byte)random.Next(256); break;
                    case 1: copy.RemoveRange(at, random.Next(1, 8)); break;
                    case 2: copy.Insert(at, (byte)random.Next(256)); break;
                    // The directory at the end holds the lengths that a reader would trust.
                    default: copy[copy.Count - 1 - random.Next(Math.Min(copy.Count, 700))] = 0xFF; break;
                }
            }
            var before = GC.GetAllocatedBytesForCurrentThread();
            clock.Restart();
            LoadOrRefuse([.. copy]);
            Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(5));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(256 << 20));
        }
    }

    [Test]
    public void Something_else_is_refused() =>
        Assert.That(
            () => ModelArchive.Load(new MemoryStream("not a zip at all"u8.ToArray())),
            Throws.TypeOf<InvalidFileException>());

    private static void Hostile(string entry, int times)
    {
        using var classifier = TinyClassifiers.Create();
        var bytes = TinyArchives.Save(classifier);
        var random = new Random(entry.Length);
        for (var i = 0; i < times; i++)
        {
            LoadOrRefuse(
                TinyArchives.Rewrite(bytes, entry, content => TinyArchives.SpoilJson(content, random), seal: true));
        }
    }

    /// <summary>Anything but success and the one named exception fails the test.</summary>
    private static void LoadOrRefuse(byte[] archive)
    {
        try
        {
            using var loaded = ModelArchive.Load(new MemoryStream(archive)).Classifier;
            loaded.Score(new byte[loaded.Input.Size], new float[loaded.Classes.Count]);
        }
        catch (InvalidFileException)
        {
        }
    }
}
