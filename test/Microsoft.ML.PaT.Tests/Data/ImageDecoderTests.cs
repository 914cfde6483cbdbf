using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

public class ImageDecoderTests
{
    [Test]
    public void Pixels_come_out_planar_and_stretched()
    {
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [10, 20, 30, 255, 40, 50, 60, 255]);
        Assert.That(ImageDecoder.Decode(image, new(3, 1, 2)), Is.EqualTo(new byte[] { 10, 40, 20, 50, 30, 60 }));
        Assert.That(
            ImageDecoder.Decode(image, new(3, 2, 2)),
            Is.EqualTo(new byte[] { 10, 40, 10, 40, 20, 50, 20, 50, 30, 60, 30, 60 }));
    }

    [TestCaseSource(typeof(SampleImages), nameof(SampleImages.Kinds))]
    public void Encoded_and_decoded_images_give_the_same_bytes(string kind)
    {
        var file = SampleImages.Of(kind);
        using var image = MLImage.CreateFromStream(new MemoryStream(file));
        Assert.That(ImageDecoder.Decode(file, new(3, 8, 8)), Is.EqualTo(ImageDecoder.Decode(image, new(3, 8, 8))));
    }

    [Test]
    public void A_header_can_be_asked_before_decoding()
    {
        Assert.That(
            ImageDecoder.SizeOf(ImageEdits.Claim(SampleImages.Of("png"), 50_000, 40_000)),
            Is.EqualTo((50_000, 40_000)));
        Assert.That(ImageDecoder.SizeOf("<svg/>"u8), Is.Null);
        Assert.That(ImageDecoder.SizeOf(SampleImages.Of("jpg").AsSpan(0, 20)), Is.Null);
    }

    [Test]
    public void Unreadable_image_is_a_named_error()
    {
        var bomb = ImageEdits.Claim(SampleImages.Of("png"), 50_000, 50_000);
        Assert.That(
            () => ImageDecoder.Decode(bomb, new(3, 8, 8)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("2,500,000,000 pixels"));
        Assert.That(
            () => ImageDecoder.Decode("BM"u8.ToArray(), new(3, 8, 8)), Throws.TypeOf<InvalidImageDataException>());
        Assert.That(
            () => ImageDecoder.Decode("not an image"u8.ToArray(), new(3, 8, 8)),
            Throws.TypeOf<InvalidImageDataException>().With.Message.Contains("it is text"));
    }
}
