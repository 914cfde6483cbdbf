using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Tests;

public class PngEncoderTests
{
    [Test]
    public void A_decoder_reads_back_every_pixel()
    {
        var planar = new byte[3 * 5 * 7];
        new Random(1).NextBytes(planar);
        Assert.That(ImageDecoder.Decode(PngEncoder.Encode(planar, 5, 7), new(3, 5, 7)), Is.EqualTo(planar));
    }

    [TestCase(3, 224, 224, 48, 48)]
    [TestCase(3, 100, 50, 48, 24)]
    [TestCase(3, 1, 4096, 1, 48)]
    [TestCase(3, 32, 32, 32, 32)]
    [TestCase(1, 28, 28, 28, 28)]
    public void Thumbnails_are_small_and_keep_their_proportions(
        int channels, int height, int width, int expectedHeight, int expectedWidth)
    {
        ImageShape shape = new(channels, height, width);
        var noise = new byte[shape.Size];
        new Random(2).NextBytes(noise);
        var png = PngEncoder.Thumbnail(noise, shape);
        using var image = MLImage.CreateFromStream(new MemoryStream(png));
        Assert.That((image.Height, image.Width), Is.EqualTo((expectedHeight, expectedWidth)));
        Assert.That(
            png, Has.Length.LessThan(7200), "noise does not compress, and twelve of them should stay below 100 KB");
    }
}
