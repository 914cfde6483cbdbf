using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class MLImageTests
{
    private static void AssertColour(byte[] rgb, int red, int green, int blue, int tolerance = 3)
    {
        Assert.That((int)rgb[0], Is.EqualTo(red).Within(tolerance), "red");
        Assert.That((int)rgb[1], Is.EqualTo(green).Within(tolerance), "green");
        Assert.That((int)rgb[2], Is.EqualTo(blue).Within(tolerance), "blue");
    }

    [Test]
    public void ColourJpeg()
    {
        using var image = MLImage.CreateFromFile(Pictures.Golden("colour.jpg"));
        Assert.That((image.Width, image.Height, image.BitsPerPixel), Is.EqualTo((16, 8, 32)));
        AssertColour(image.Rgb(1, 1), 255, 0, 0);
        AssertColour(image.Rgb(14, 6), 0, 0, 255);
        Assert.That(image.Pixels.Length, Is.EqualTo(16 * 8 * 4));
        Assert.That(image.GetBGRPixels, Has.Length.EqualTo(16 * 8 * 3));
    }

    [Test]
    public void GreyJpegBecomesThreeEqualColours()
    {
        using var image = MLImage.CreateFromFile(Pictures.Golden("grey.jpg"));
        AssertColour(image.Rgb(1, 1), 40, 40, 40);
        AssertColour(image.Rgb(14, 6), 200, 200, 200);
    }

    [Test]
    public void InksOfAFourColourJpegBecomeColours()
    {
        using var image = MLImage.CreateFromFile(Pictures.Golden("cmyk.jpg"));
        AssertColour(image.Rgb(1, 1), 255, 0, 0);
        AssertColour(image.Rgb(14, 6), 128, 128, 128);
    }

    [Test]
    public void Gif() => AssertColour(Pictures.Decode(Pictures.RedGif).Rgb(0, 0), 255, 0, 0, 0);

    [Test]
    public void Bmp()
    {
        using var image = Pictures.Decode(Pictures.GreenBlueBmp);
        AssertColour(image.Rgb(0, 0), 0, 255, 0, 0);
        AssertColour(image.Rgb(1, 0), 0, 0, 255, 0);
    }

    [Test]
    public void PngKeepsColoursExactly()
    {
        using var saved = Saved(Pictures.Of(2, 1, 2, 3, 250, 251, 252), ".png");
        Assert.That(saved.Rgb(0, 0), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(saved.Rgb(1, 0), Is.EqualTo(new byte[] { 250, 251, 252 }));
    }

    [Test]
    public void PngWithAlpha()
    {
        // Pixels hold colours multiplied by alpha, GetBGRPixels the colours themselves.
        using var half = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, [0, 64, 128, 128, 0, 0, 0, 0]);
        using var saved = Saved(half, ".png");
        Assert.That((int)saved.Pixels[3], Is.EqualTo(128));
        AssertColour(saved.Rgb(0, 0), 255, 128, 0, 1);
        Assert.That(saved.Rgb(1, 0), Is.EqualTo(new byte[3]), "nothing is left of a colour that cannot be seen");
        Assert.That((int)saved.Pixels[saved.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0], Is.EqualTo(128).Within(1));
    }

    [Test]
    public void JpegComesBackAlmostTheSame()
    {
        using var grey = Pictures.Of(8, Enumerable.Repeat((byte)90, 8 * 8 * 3).ToArray());
        AssertColour(Saved(grey, ".jpg").Rgb(4, 4), 90, 90, 90);
    }

    [Test]
    public void BothOrdersOfBytes()
    {
        using var rgba = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Rgba32, [10, 20, 30, 255]);
        Assert.That(rgba.PixelFormat, Is.EqualTo(MLPixelFormat.Rgba32));
        Assert.That(rgba.GetBGRPixels, Is.EqualTo(new byte[] { 30, 20, 10 }));
    }

    [Test]
    public void TruncatedJpegIsDecodedAsFarAsItGoes()
    {
        var file = File.ReadAllBytes(Pictures.Golden("colour.jpg"));
        using var image = Pictures.Decode(file[..^20]);
        Assert.That((image.Width, image.Height), Is.EqualTo((16, 8)));
    }

    [TestCase("")]
    [TestCase("this is text, no picture at all")]
    public void WhatIsNoPictureIsRefused(string content) =>
        Assert.That(() => Pictures.Decode(System.Text.Encoding.ASCII.GetBytes(content)), Throws.ArgumentException);

    [Test]
    public void JpegWithoutItsFrameIsRefused() =>
        Assert.That(() => Pictures.Decode(File.ReadAllBytes(Pictures.Golden("colour.jpg"))[..20]), Throws.ArgumentException);

    [Test]
    public void MissingFileAndStream()
    {
        Assert.That(() => MLImage.CreateFromFile("/no/such/picture.png"), Throws.ArgumentException);
        Assert.That(() => MLImage.CreateFromFile(null!), Throws.ArgumentNullException);
        Assert.That(() => MLImage.CreateFromStream(null!), Throws.ArgumentNullException);
    }

    [Test]
    public void PixelsMustFitTheSize()
    {
        Assert.That(() => MLImage.CreateFromPixels(2, 2, MLPixelFormat.Bgra32, new byte[15]), Throws.ArgumentException);
        Assert.That(() => MLImage.CreateFromPixels(0, 2, MLPixelFormat.Bgra32, []), Throws.ArgumentException);
        Assert.That(() => MLImage.CreateFromPixels(1, 1, MLPixelFormat.Unknown, new byte[4]), Throws.ArgumentException);
    }

    [Test]
    public void DisposedPicturesSaySo()
    {
        var image = Pictures.Of(1, 1, 2, 3);
        image.Dispose();
        image.Dispose();
        Assert.That(() => image.Width, Throws.InvalidOperationException);
        Assert.That(() => image.GetBGRPixels, Throws.InvalidOperationException);
    }

    [Test]
    public void UnknownExtension() => Assert.That(() => Pictures.Of(1, 1, 2, 3).Save("picture.txt"), Throws.ArgumentException);

    private static MLImage Saved(MLImage image, string extension)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + extension);
        try
        {
            image.Save(path);
            return MLImage.CreateFromFile(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
