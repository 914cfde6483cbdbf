using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace Microsoft.ML.Tests;

public class ImageTransformTests
{
    private readonly MLContext _ml = new(1);
    private string _folder = "";

    [OneTimeSetUp]
    public void Write()
    {
        _folder = Directory.CreateTempSubdirectory().FullName;
        // Four columns of one colour each, two rows.
        byte[] row = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30];
        Pictures.Of(4, [.. row, .. row]).Save(Path.Combine(_folder, "wide.png"));
        Pictures.Of(1, 1, 2, 3).Save(Path.Combine(_folder, "dot.png"));
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    private sealed class PathRow
    {
        public string ImagePath { get; set; } = "";
    }

    private IDataView Files(params string[] names) => _ml.Data.LoadFromEnumerable(names.Select(n => new PathRow { ImagePath = n }).ToList());

    private static IDataView Apply(IEstimator<ITransformer> estimator, IDataView data) => estimator.Fit(data).Transform(data);

    private static List<T> Values<T>(IDataView data, string column)
    {
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var getter = cursor.GetGetter<T>(data.Schema[column]);
        var values = new List<T>();
        while (cursor.MoveNext())
        {
            T value = default!;
            getter(ref value);
            values.Add(value);
        }
        return values;
    }

    [Test]
    public void LoadImagesReadsFromTheFolderAndTagsThePath()
    {
        var data = Apply(_ml.Transforms.LoadImages("Image", _folder, "ImagePath"), Files("wide.png", "dot.png", ""));
        Assert.That(data.Schema["Image"].Type, Is.EqualTo(new ImageDataViewType()));
        var images = Values<MLImage>(data, "Image");
        Assert.That((images[0].Width, images[1].Width), Is.EqualTo((4, 1)));
        Assert.That(images[1].Tag, Is.EqualTo(Path.Combine(_folder, "dot.png")));
        Assert.That(images[2], Is.Null);
    }

    [Test]
    public void LoadImagesOfAMissingFileFailsWhereItIsRead()
    {
        var data = Apply(_ml.Transforms.LoadImages("Image", _folder, "ImagePath"), Files("absent.png"));
        Assert.That(() => Values<MLImage>(data, "Image"), Throws.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public void LoadRawImageBytesGivesTheFile()
    {
        var data = Apply(_ml.Transforms.LoadRawImageBytes("Image", _folder, "ImagePath"), Files("dot.png", "wide.png", ""));
        Assert.That(data.Schema["Image"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte)));
        var bytes = data.GetColumn<byte[]>("Image").ToArray();
        Assert.That(bytes[0], Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder, "dot.png"))));
        Assert.That(bytes[1], Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder, "wide.png"))));
        Assert.That(bytes[2], Is.Empty);
    }

    private MLImage Resized(int width, int height, ResizingKind kind, Anchor anchor = Anchor.Center) => Values<MLImage>(
        Apply(_ml.Transforms.LoadImages("Image", _folder, "ImagePath").Append(_ml.Transforms.ResizeImages("Image", width, height, resizing: kind, cropAnchor: anchor)), Files("wide.png")),
        "Image").Single();

    [Test]
    public void FillTakesTheNearestPixels()
    {
        var image = Resized(8, 4, ResizingKind.Fill);
        Assert.That((image.Width, image.Height), Is.EqualTo((8, 4)));
        Assert.That(image.Rgb(0, 3), Is.EqualTo(new byte[] { 255, 0, 0 }));
        Assert.That(image.Rgb(3, 0), Is.EqualTo(new byte[] { 0, 255, 0 }));
        Assert.That(image.Rgb(7, 1), Is.EqualTo(new byte[] { 10, 20, 30 }));
    }

    [Test]
    public void PadLeavesTheRestBlack()
    {
        var image = Resized(8, 8, ResizingKind.IsoPad);
        Assert.That(image.Rgb(0, 0), Is.EqualTo(new byte[3]));
        Assert.That(image.Rgb(0, 7), Is.EqualTo(new byte[3]));
        Assert.That((int)image.Rgb(0, 4)[0], Is.GreaterThan(200), "the red column begins in the middle row");
    }

    [TestCase(Anchor.Left, 0)]
    [TestCase(Anchor.Right, 2)]
    public void CropKeepsTheAnchoredSide(Anchor anchor, int brightest)
    {
        // 4 x 2 to 4 x 4: twice as large, half of the columns are cut.
        var image = Resized(4, 4, ResizingKind.IsoCrop, anchor);
        var rgb = image.Rgb(anchor == Anchor.Left ? 0 : 0, 2);
        Assert.That(Array.IndexOf(rgb, rgb.Max()), Is.EqualTo(brightest));
    }

    [Test]
    public void SameSizeIsLeftAlone() => Assert.That(Resized(4, 2, ResizingKind.IsoCrop).Rgb(3, 1), Is.EqualTo(new byte[] { 10, 20, 30 }));

    private IDataView Pixels(ColorBits colours, ColorsOrder order, bool interleave, float offset = 0, float scale = 1, bool floats = true) => Apply(
        _ml.Transforms.LoadImages("Image", _folder, "ImagePath").Append(_ml.Transforms.ResizeImages("Image", 4, 2))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image", colours, order, interleave, offset, scale, floats)), Files("wide.png"));

    [Test]
    public void PixelsArePlanarRedGreenBlue()
    {
        var data = Pixels(ColorBits.Rgb, ColorsOrder.ARGB, interleave: false);
        Assert.That(data.Schema["Pixels"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 3, 2, 4)));
        Assert.That(data.GetColumn<float[]>("Pixels").Single()[..8], Is.EqualTo(new float[] { 255, 0, 0, 10, 255, 0, 0, 10 }));
    }

    [Test]
    public void PixelsInterleavedInAnotherOrder()
    {
        var data = Pixels(ColorBits.All, ColorsOrder.ABGR, interleave: true);
        Assert.That(data.Schema["Pixels"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 2, 4, 4)));
        Assert.That(data.GetColumn<float[]>("Pixels").Single()[12..16], Is.EqualTo(new float[] { 255, 30, 20, 10 }));
    }

    [Test]
    public void PixelsShiftedAndScaled() =>
        Assert.That(Pixels(ColorBits.Red, ColorsOrder.ARGB, false, 5, 0.5f).GetColumn<float[]>("Pixels").Single()[..4], Is.EqualTo(new[] { 125, -2.5f, -2.5f, 2.5f }));

    [Test]
    public void PixelsAsBytes() =>
        Assert.That(Pixels(ColorBits.Blue, ColorsOrder.ARGB, false, floats: false).GetColumn<byte[]>("Pixels").Single()[..4], Is.EqualTo(new byte[] { 0, 0, 255, 30 }));

    [Test]
    public void PixelsNeedAKnownSize() =>
        Assert.That(() => Apply(_ml.Transforms.LoadImages("Image", _folder, "ImagePath").Append(_ml.Transforms.ExtractPixels("Pixels", "Image")), Files("wide.png")),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void GreyIsTheWeightedSum()
    {
        var data = Apply(_ml.Transforms.LoadImages("Image", _folder, "ImagePath").Append(_ml.Transforms.ConvertToGrayscale("Image")), Files("wide.png"));
        var image = Values<MLImage>(data, "Image").Single();
        int[] expected = [77, 150, 28, 18]; // 0.3 R + 0.59 G + 0.11 B
        for (int x = 0; x < 4; x++)
        {
            var rgb = image.Rgb(x, 0);
            Assert.That((int)rgb[0], Is.EqualTo(expected[x]).Within(1));
            Assert.That(rgb[1] == rgb[0] && rgb[2] == rgb[0]);
        }
    }

    private sealed class PixelRow
    {
        [VectorType(12)] public byte[] Pixels { get; set; } = [];
    }

    [Test]
    public void ConvertToImageUndoesExtractPixels()
    {
        var row = new PixelRow { Pixels = Enumerable.Range(1, 12).Select(i => (byte)(i * 20)).ToArray() };
        var data = _ml.Data.LoadFromEnumerable([row]);
        var pipeline = _ml.Transforms.ConvertToImage(2, 2, "Image", "Pixels").Append(_ml.Transforms.ExtractPixels("Back", "Image", outputAsFloatArray: false));
        Assert.That(Apply(pipeline, data).GetColumn<byte[]>("Back").Single(), Is.EqualTo(row.Pixels));
    }

    private sealed class ImageRow
    {
        [ImageType(2, 4)] public MLImage? Image { get; set; }
    }

    [Test]
    public void ImagesTravelThroughRowClasses()
    {
        var data = _ml.Data.LoadFromEnumerable([new ImageRow { Image = Pictures.Of(4, Enumerable.Repeat((byte)9, 24).ToArray()) }]);
        Assert.That(data.Schema["Image"].Type, Is.EqualTo(new ImageDataViewType(2, 4)));
        var back = _ml.Data.CreateEnumerable<ImageRow>(data, false).Single();
        Assert.That(back.Image!.Rgb(3, 1), Is.EqualTo(new byte[] { 9, 9, 9 }));
    }

    [Test]
    public void PipelinesOfPicturesAreWellBehaved()
    {
        var pipeline = _ml.Transforms.LoadImages("Image", _folder, "ImagePath")
            .Append(_ml.Transforms.ResizeImages("Small", 3, 3, "Image", ResizingKind.IsoPad))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Small", offsetImage: 128, scaleImage: 1 / 128f));
        EstimatorChecks.AssertWellBehaved(_ml, pipeline, Files("wide.png", "dot.png"));
        EstimatorChecks.AssertWellBehaved(_ml, _ml.Transforms.LoadRawImageBytes("Bytes", _folder, "ImagePath"), Files("wide.png", "dot.png"));
    }
}
