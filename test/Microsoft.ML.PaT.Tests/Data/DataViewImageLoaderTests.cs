using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Images that exceed the memory budget: written from ML.NET columns to a file, and read from it in the next run.
/// </summary>
public class DataViewImageLoaderTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _events = [];

    [SetUp]
    public void Forget() => _events.Clear();

    [Test]
    public void A_run_from_the_disk_is_the_run_from_memory_and_decodes_once()
    {
        using var folder = new TemporaryFolder();
        using var memory = Fit(TinyRows.Encoded(90), TinyRows.Options);
        Assert.That(_events, Is.Empty.Or.None.Contains("images decoded"));
        using var first = Fit(TinyRows.Encoded(90), OnDisk(folder));
        using var second = Fit(TinyRows.Encoded(90), OnDisk(folder));
        Assert.That(TinyRun.Hash(first.Model), Is.EqualTo(TinyRun.Hash(memory.Model)));
        Assert.That(TinyRun.Hash(second.Model), Is.EqualTo(TinyRun.Hash(memory.Model)));
        Assert.That(_events.Count(e => e.StartsWith("Keeping", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(_events.Count(e => e.StartsWith("Using", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void Another_source_size_or_kind_of_resizing_is_another_file()
    {
        using var folder = new TemporaryFolder();
        var options = OnDisk(folder);
        var rows = TinyRows.Encoded(40);
        Files(1, options);
        Files(
            1,
            options with
            {
                Training = options.Training with { LearningRate = 0.05 },
                Images = options.Images with { RandomCropPadding = 1 },
            });
        Files(2, options with { Images = options.Images with { Height = 9 } });
        Files(3, options with { Images = options.Images with { Resizing = ImageResizing.IsoCrop } });
        rows[3].Image = TinyRows.Bitmap(TinyRows.Planar(77));
        Files(4, options);
        rows[3].Label = TinyRows.Label(4);
        Files(5, options);
        rows[5].ImagePath = "renamed";
        Files(6, options);
        rows = [.. rows.SkipLast(1)];
        Files(7, options);

        void Files(int count, PruningAwareTrainingOptions changed)
        {
            Fit(rows, changed).Dispose();
            Assert.That(Directory.GetFiles(folder.Name, "*.images"), Has.Length.EqualTo(count));
        }
    }

    [Test]
    public void A_file_that_is_named_by_its_path_is_noticed_when_it_changes()
    {
        using var folder = new TemporaryFolder();
        var rows = TinyRows.Encoded(40);
        var file = Path.Combine(folder.Name, "image.bmp");
        File.WriteAllText(file, "a");
        rows[7].ImagePath = file;
        Fit(rows, OnDisk(folder)).Dispose();
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Fit(rows, OnDisk(folder)).Dispose();
        Assert.That(Directory.GetFiles(folder.Name, "*.images"), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_file_that_is_not_among_the_hashed_ones_is_decoded_again_when_it_changes()
    {
        using TemporaryFolder source = new(), cache = new();
        foreach (var i in Enumerable.Range(0, 1100))
        {
            var folder = Directory.CreateDirectory(Path.Combine(source.Name, TinyRows.Label(i))).FullName;
            File.WriteAllBytes(Path.Combine(folder, $"{i:0000}.bmp"), TinyRows.Bitmap(TinyRows.Planar(0)));
        }
        var images = ImageFolder.Read(source.Name).Training;
        var before = SecondImage();
        // Of up to 2048 images the second one is not hashed.
        File.WriteAllBytes(images[1].ImagePath, TinyRows.Bitmap(TinyRows.Planar(1)));
        Assert.That(SecondImage(), Is.Not.EqualTo(before));
        Assert.That(SecondImage(), Is.EqualTo(TinyRows.Planar(1)));
        Assert.That(Directory.GetFiles(cache.Name, "*.images"), Has.Length.EqualTo(2));

        byte[] SecondImage()
        {
            var data = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(images));
            using var scope = TorchSharp.torch.NewDisposeScope();
            var (training, _) = _ml.PaT().LoadImages(data, OnDisk(cache));
            using (training) return training.Read(1, 1).bytes.ToArray();
        }
    }

    [Test]
    public void Every_run_names_unreadable_images_and_a_stricter_one_refuses_them()
    {
        using var folder = new TemporaryFolder();
        var rows = TinyRows.Encoded(40);
        rows[9].Image = [1, 2, 3];
        var options = OnDisk(folder) with { MaxUnreadableFraction = 0.1 };
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var model = Fit(rows, options);
            Assert.That(model.Report.Images.UnreadableCount, Is.EqualTo(1));
            Assert.That(model.Report.Images.Unreadable.Single(), Does.Contain("image9.bmp"));
        }
        Assert.That(
            () => Fit(rows, OnDisk(folder)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("1 of 40"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_image_that_disappears_after_it_was_listed_is_skipped_and_named(bool onDisk)
    {
        using var folder = new TemporaryFolder();
        var rows = TinyRows.Encoded(40);
        for (var i = 0; i < rows.Length; i++)
            File.WriteAllBytes(Path.Combine(folder.Name, rows[i].ImagePath), rows[i].Image);
        var listed =
            _ml.Data.LoadFromEnumerable(rows.Select(r => new PathRow { Label = r.Label, ImagePath = r.ImagePath }));
        var data = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.LoadRawImageBytes("Image", folder.Name, "ImagePath"))
            .Fit(listed)
            .Transform(listed);
        File.Delete(Path.Combine(folder.Name, "image11.bmp"));
        var options = onDisk ? OnDisk(folder) : TinyRows.Options;
        using var model = _ml.PaT().ImageClassification(options with { MaxUnreadableFraction = 0.03 }).Fit(data);
        Assert.That(model.Report.Images.Unreadable.Single(), Does.Contain("image11.bmp"));
        Assert.That(
            () => _ml.PaT().ImageClassification(options).Fit(data),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("image11.bmp"));
    }

    [Test]
    public void A_row_that_cannot_be_scored_costs_that_row_only()
    {
        using var folder = new TemporaryFolder();
        using var model = Fit(TinyRows.Encoded(40), TinyRows.Options);
        var rows = TinyRows.Encoded(40);
        foreach (var row in rows) File.WriteAllBytes(Path.Combine(folder.Name, row.ImagePath), row.Image);
        var listed =
            _ml.Data.LoadFromEnumerable(rows.Select(r => new PathRow { Label = r.Label, ImagePath = r.ImagePath }));
        var data = _ml.Transforms.LoadRawImageBytes("Image", folder.Name, "ImagePath")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Fit(listed)
            .Transform(listed);
        File.Delete(Path.Combine(folder.Name, "image11.bmp"));
        File.WriteAllText(Path.Combine(folder.Name, "image23.bmp"), "no image");
        var scored = model.Transform(data);
        using var cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["ImagePath"]]);
        var score = cursor.GetGetter<Microsoft.ML.Data.VBuffer<float>>(scored.Schema["Score"]);
        Microsoft.ML.Data.VBuffer<float> value = default;
        var bad = new List<long>();
        while (cursor.MoveNext())
        {
            try
            {
                score(ref value);
            }
            catch (InvalidImageDataException e)
                when (e.Message.Contains($"row {cursor.Position} ", StringComparison.Ordinal))
            {
                bad.Add(cursor.Position);
            }
        }
        Assert.That(bad, Is.EqualTo(new[] { 11, 23 }));
        Assert.That(cursor.MoveNext(), Is.False);
    }

    [Test]
    public void Training_and_every_way_of_scoring_decode_alike()
    {
        using var folder = new TemporaryFolder();
        var rows = TinyRows.Encoded(40);
        // Larger than twice the network's input, so decoded at a reduced scale; one has an EXIF orientation.
        var large = SampleImages.Skia(SkiaSharp.SKEncodedImageFormat.Jpeg, 100, 150);
        (rows[0].Image, rows[1].Image) = (large, ImageEdits.Orient(large, 6));
        var options =
            TinyRows.Options with { Images = TinyRows.Options.Images with { Resizing = ImageResizing.IsoCrop } };
        using var model = Fit(rows, options);
        var shape = model.Model.Input;
        var planar = rows.Select(r => ImageDecoder.Decode(r.Image, shape, ImageResizing.IsoCrop)).ToArray();

        var data = _ml.Data.LoadFromEnumerable(rows);
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data);
        var keyed = keys.Transform(data);
        var set = new DataViewImageLoader(
            options.ImageData,
            shape,
            LabelValues.Of(keyed.Schema["Label"]),
            IRunObserver.Of(_ => { })).Read(keyed, "training");
        using (var store = set)
        using (TorchSharp.torch.NewDisposeScope())
            Assert.That(store.Read(0, rows.Length).data<byte>().ToArray(), Is.EqualTo(planar.SelectMany(p => p)));

        var expected = new float[2 * rows.Length];
        model.Model.Score(planar.SelectMany(p => p).ToArray(), expected);
        Assert.That(Scores(model), Is.EqualTo(expected).Within(1e-6f));
        var file = Path.Combine(folder.Name, "model.zip");
        _ml.Model.Save(model, keyed.Schema, file);
        Assert.That(Scores(_ml.Model.Load(file, out _)), Is.EqualTo(expected).Within(1e-6f));

        IEnumerable<float> Scores(ITransformer scorer) =>
            _ml.Data.CreateEnumerable<TinyRows.Prediction>(
                    scorer.Transform(keyed), reuseRowObject: false, ignoreMissingColumns: true)
                .SelectMany(p => p.Score);
    }

    [Test]
    public void The_kind_of_resizing_goes_with_the_model()
    {
        using var folder = new TemporaryFolder();
        using var model = Fit(
            TinyRows.Encoded(40),
            TinyRows.Options with { Images = TinyRows.Options.Images with { Resizing = ImageResizing.IsoPad } });
        var file = Path.Combine(folder.Name, "model.pat");
        model.SaveArchive(file);
        using var loaded = ImageClassifier.Load(file);
        Assert.That((model.Model.Resizing, loaded.Resizing), Is.EqualTo((ImageResizing.IsoPad, ImageResizing.IsoPad)));
        var wide = TinyRows.Bitmap([.. Enumerable.Repeat((byte)200, 3 * 4 * 8)], height: 4, width: 8);
        Assert.That(ImageDecoder.Decode(wide, loaded.Input, loaded.Resizing)[..8], Has.All.EqualTo(0), "a black bar");
    }

    private static PruningAwareTrainingOptions OnDisk(TemporaryFolder folder) =>
        TinyRows.Options with { MemoryBudget = 0, CacheFolder = folder.Name };

    private PruningAwareTrainingTransformer Fit(TinyRows.EncodedRow[] rows, PruningAwareTrainingOptions options)
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        return _ml.PaT()
            .ImageClassification(options with { Observers = [IRunObserver.Of(happened => _events.Add(happened.Text))] })
            .Fit(keyed);
    }

    private sealed class PathRow
    {
        public string Label { get; set; } = "";

        public string ImagePath { get; set; } = "";
    }
}
