using SkiaSharp;

namespace PaT.Cli.Tests;

public sealed class CalibrationFolderTests
{
    [Test]
    public void Images_are_decoded_as_for_scoring_by_their_content_whatever_their_extension()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (Encode(SKEncodedImageFormat.Jpeg, 300, 200), Encode(SKEncodedImageFormat.Webp, 60, 90));
        folder.Write("a.jfif", first);
        folder.Write("b.png", second);
        folder.Write("c.webp", "no image");
        var said = new List<string>();
        var shape = new ImageShape(3, 16, 16);
        var bytes = CalibrationFolder.Read(folder.Path, shape, ImageResizing.IsoCrop, said.Add,
            CancellationToken.None);
        Assert.That(bytes, Is.EqualTo(ImageDecoder.Decode(first, shape, ImageResizing.IsoCrop)
            .Concat(ImageDecoder.Decode(second, shape, ImageResizing.IsoCrop))));
        Assert.That(said.Single(), Does.Contain("c.webp"));
    }

    private static byte[] Encode(SKEncodedImageFormat format, int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Pixels = [.. Enumerable.Range(0, width * height)
            .Select(i => new SKColor((byte)(i % width), (byte)(i / width), (byte)(i % 97)))];
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
