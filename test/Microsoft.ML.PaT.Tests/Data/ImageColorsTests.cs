using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Networks that take images of one channel, which are read as gray, or of four, which are not read.</summary>
public sealed class ImageColorsTests
{
    private const int Size = TinyRows.Size, Plane = Size * Size;
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public void Every_reader_of_images_gives_the_luma_of_their_colors()
    {
        var (planar, shape) = (TinyRows.Planar(3), new ImageShape(1, Size, Size));
        var gray = Gray(planar);
        using var image = TinyRows.Image(planar);
        Assert.That(ImageDecoder.Decode(TinyRows.Bitmap(planar), shape), Is.EqualTo(gray));
        Assert.That(ImageDecoder.Decode(image, shape), Is.EqualTo(gray));
        using var read = ImageDataset.FromEncoded(
            Enumerable.Range(0, 4).Select(i => (TinyRows.Bitmap(TinyRows.Planar(i)), TinyRows.Label(i))), shape);
        using var pixels = read.Read(0, 4);
        Assert.That(read.Shape, Is.EqualTo(shape));
        Assert.That(
            pixels.contiguous().bytes.ToArray(),
            Is.EqualTo(Enumerable.Range(0, 4).SelectMany(i => Gray(TinyRows.Planar(i))).ToArray()));

        using var classifier = ImageClassifier.Create(Network(1), classes: ["left", "right"]);
        var scores = new float[2];
        classifier.Score(gray, scores);
        Assert.That(classifier.Predict(TinyRows.Bitmap(planar)).Scores, Is.EqualTo(scores));
    }

    [Test]
    public void Gray_pixels_keep_their_values()
    {
        var shades = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var file = TinyRows.Bitmap([.. shades, .. shades, .. shades], 16, 16);
        Assert.That(ImageDecoder.Decode(file, new(1, 16, 16)), Is.EqualTo(shades));
    }

    [Test]
    public void A_gray_network_is_trained_saved_and_scored_like_any_other()
    {
        var options = TinyRows.Options with
        {
            Network = Network(1),
            Images = TinyRows.Options.Images with
            {
                Normalization = new([0.5f], [0.25f]), TrivialAugment = true,
                ColorJitter = new() { Brightness = 0.2, Contrast = 0.2, Saturation = 0.2 },
            },
        };
        var data = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Encoded(40)));
        using var model = _ml.PaT().ImageClassification(options).Fit(data);
        Assert.That(model.Model.Input, Is.EqualTo(new ImageShape(1, Size, Size)));
        var path = Path.Combine(_folder.Name, "gray.pat");
        model.SaveArchive(path);
        using var loaded = _ml.PaT().LoadArchive(path, data.Schema);
        var expected = new float[2];
        model.Model.Score(Gray(TinyRows.Planar(0)), expected);
        foreach (var transformer in new[] { model, loaded })
        {
            var scores = transformer.Transform(data).GetColumn<float[]>("Score").First();
            Assert.That(scores, Is.EqualTo(expected).Within(1e-5));
        }
        Assert.That(model.Evaluate(data).Test!.Count, Is.EqualTo(40));
        Assert.That(() => model.ToOnnxEstimator(_ml), Refuses("network-mismatch", "gray"));
    }

    [Test]
    public void Images_are_not_read_for_four_channels()
    {
        var shape = new ImageShape(4, Size, Size);
        var file = TinyRows.Bitmap(TinyRows.Planar(0));
        using var image = TinyRows.Image(TinyRows.Planar(0));
        using var classifier = ImageClassifier.Create(Network(4), classes: ["left", "right"]);
        Assert.That(() => classifier.Predict(file), Refuses("network-mismatch", "4x8x8"));
        Assert.That(() => ImageDecoder.Decode(file, shape), Refuses("network-mismatch", "4x8x8"));
        Assert.That(() => ImageDecoder.Decode(image, shape), Refuses("network-mismatch", "4x8x8"));
        Assert.That(
            () => ImageDataset.FromEncoded([(file, "left"), (file, "right")], shape),
            Refuses("network-mismatch", "4x8x8"));
        var data = TinyRows.Keyed(_ml, _ml.Data.LoadFromEnumerable(TinyRows.Encoded(40)));
        Assert.That(
            () => _ml.PaT().ImageClassification(TinyRows.Options with { Network = Network(4) }).Fit(data),
            Refuses("network-mismatch", "4x8x8"));

        // Pixels of any channels are trained on and scored.
        using var pixels = Pixels(4);
        using var trained = PruningTrainer.Train(pixels, TinyRows.Options with { Network = Network(4) });
        Assert.That(
            () => _ml.PaT().ToTransformer(trained, TinyRows.Options, data.Schema),
            Refuses("network-mismatch", "4x8x8"));
    }

    [Test]
    public void Options_for_other_channels_are_refused()
    {
        using var gray = Pixels(1);
        using var four = Pixels(4);
        var images = TinyRows.Options.Images;
        Assert.That(
            () => Train(gray, images with { Normalization = Normalization.ImageNet }),
            Refuses("options-invalid", "Images.Normalization is for 3 channels, and the images have 1"));
        Assert.That(
            () => Options(Network(1), images with { Normalization = new([0, 0], [1, 1]) }).Validate(classes: 2),
            Refuses("options-invalid", "Images.Normalization is for 2 channels, and the images have 1"));
        Assert.That(
            () => Train(four, images with { TrivialAugment = true }),
            Refuses("options-invalid", "Images.TrivialAugment"));
        Assert.That(
            () => Train(four, images with { ColorJitter = new() { Saturation = 0.1 } }),
            Refuses("options-invalid", "Images.ColorJitter"));
    }

    private static void Train(ImageDataset set, ImageOptions images) =>
        PruningTrainer.Train(set, Options(Network(set.Shape.Channels), images)).Dispose();

    private static PruningAwareTrainingOptions Options(NetworkArchitecture network, ImageOptions images) =>
        TinyRows.Options with { Network = network, Images = images };

    private static NUnit.Framework.Constraints.IResolveConstraint Refuses(string code, string text) =>
        Throws.TypeOf<InvalidOptionsException>()
            .With.Property(nameof(PaTException.Code)).EqualTo(code).And.Message.Contains(text);

    private static ImageDataset Pixels(int channels)
    {
        var pixels = new byte[20 * channels * Plane];
        new Random(channels).NextBytes(pixels);
        return ImageDataset.FromPixels(
            pixels, [.. Enumerable.Range(0, 20).Select(i => i % 2)], new(channels, Size, Size), ["left", "right"]);
    }

    private static NetworkArchitecture Network(int channels) =>
        new($"of{channels}", new(channels, Size, Size), (input, classes) =>
        {
            var builder = new NetworkBuilder($"of{channels}", input);
            var first = builder.Relu(
                "relu", builder.BatchNorm("norm", builder.Convolution("conv", NetworkDefinition.InputName, 8, 3)));
            var second = builder.Convolution("conv2", first, 8, 3);
            builder.Linear("fc", builder.Flatten("flat", builder.MaxPool("pool", second, 2, 2)), classes);
            return builder.Build();
        });

    /// <summary>The formula of Pillow's mode L.</summary>
    private static byte[] Gray(byte[] planar) =>
        [
            .. Enumerable.Range(0, Plane).Select(i =>
                (byte)((19595 * planar[i] + 38470 * planar[Plane + i] + 7471 * planar[2 * Plane + i] + 32768) / 65536)),
        ];
}
