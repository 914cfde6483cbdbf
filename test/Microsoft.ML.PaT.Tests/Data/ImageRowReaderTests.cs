using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Tests;

public class ImageRowReaderTests
{
    private static readonly ImageShape s_shape = new(3, 4, 4);

    // 8x8 pixels of one color, written by Pillow 9.4: Image.new(mode, (8, 8), color).save(format, quality=90,
    // optimize=True).
    private const string GrayJpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AJH//2Q==";
    private const string CmykJpeg =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAgHCf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8AYAKI01Tf/9k=";
    // 16x8 pixels; the left half is black, the right half is white.
    private const string BlackWhiteJpeg =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACQr/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/ACqVUP/Z";
    private const string GrayPng =
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAQAAABuBnYAAAAAE0lEQVR4nGOs+M+AApgYGAZCAADJigGHLFWJ+QAAAABJRU5ErkJggg==";
    private const string RgbaPng =
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAFklEQVR4nGM8oRH1nwEPYMInOXwUAABejAJZl9qGrwAAAABJRU5ErkJggg==";

    [TestCase(GrayJpeg, 94, 94, 94, TestName = "Gray JPEG becomes RGB")]
    [TestCase(CmykJpeg, 200, 40, 90, TestName = "CMYK JPEG becomes RGB")]
    [TestCase(GrayPng, 120, 120, 120, TestName = "Gray PNG with alpha becomes RGB")]
    [TestCase(RgbaPng, 200, 40, 90, TestName = "PNG with alpha becomes RGB")]
    public void Files_of_any_colors_become_RGB(string file, int red, int green, int blue)
    {
        var planar = Decode(Convert.FromBase64String(file), out var error);
        Assert.That(error, Is.Null);
        Assert.That(planar[..16], Is.All.EqualTo(red).Within(3));
        Assert.That(planar[16..32], Is.All.EqualTo(green).Within(3));
        Assert.That(planar[32..], Is.All.EqualTo(blue).Within(3));
    }

    [TestCase(GrayJpeg, 94, 94, 94, TestName = "Decoded gray JPEG becomes RGB")]
    [TestCase(CmykJpeg, 200, 40, 90, TestName = "Decoded CMYK JPEG becomes RGB")]
    [TestCase(GrayPng, 120, 120, 120, TestName = "Decoded gray PNG with alpha becomes RGB")]
    [TestCase(RgbaPng, 200, 40, 90, TestName = "Decoded PNG with alpha becomes RGB")]
    public void Decoded_images_of_any_colors_become_RGB(string file, int red, int green, int blue)
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(Convert.FromBase64String(file)));
        var reader = ImageRowReader.Create(
            new(ImageColumnKind.Image, 0, 0, 0, default), (ref MLImage value) => value = image, s_shape);
        var planar = new byte[s_shape.Size];
        reader.Read(0);
        Assert.That(reader.Decode(0, planar), Is.Null);
        Assert.That(planar[..16], Is.All.EqualTo(red).Within(3));
        Assert.That(planar[16..32], Is.All.EqualTo(green).Within(3));
        Assert.That(planar[32..], Is.All.EqualTo(blue).Within(3));
    }

    [TestCase(1, 0, 255, 0, 255)]
    [TestCase(3, 255, 0, 255, 0)]
    [TestCase(6, 0, 0, 255, 255)]
    [TestCase(8, 255, 255, 0, 0)]
    public void Image_orientation_of_the_camera_is_applied(
        int orientation, int topLeft, int topRight, int bottomLeft, int bottomRight)
    {
        var jpeg = Convert.FromBase64String(BlackWhiteJpeg);
        var planar = Decode(ImageEdits.Orient(jpeg, orientation), out var error);
        Assert.That(error, Is.Null);
        Assert.That(
            new[] { planar[0], planar[3], planar[12], planar[15] },
            Is.EqualTo(new[] { topLeft, topRight, bottomLeft, bottomRight }).Within(4));
    }

    [Test]
    public void An_unreadable_image_says_why_and_the_next_one_is_read()
    {
        VBuffer<byte> bytes = default;
        var reader = ImageRowReader.Create(
            new(ImageColumnKind.Encoded, 0, 0, 0, default), (ref VBuffer<byte> value) => value = bytes, s_shape);
        var planar = new byte[s_shape.Size];
        foreach (var bad in new byte[][] { [], [1, 2, 3], Convert.FromBase64String(RgbaPng)[..40] })
        {
            bytes = new(bad.Length, bad);
            reader.Read(0);
            Assert.That(reader.Decode(0, planar), Is.Not.Null.And.Not.Contains("\n"));
        }
        var good = Convert.FromBase64String(RgbaPng);
        bytes = new(good.Length, good);
        reader.Read(0);
        Assert.That(reader.Decode(0, planar), Is.Null);
    }

    private static byte[] Decode(byte[] file, out string? error)
    {
        var reader = ImageRowReader.Create(
            new(ImageColumnKind.Encoded, 0, 0, 0, default),
            (ref VBuffer<byte> value) => value = new(file.Length, file),
            s_shape);
        var planar = new byte[s_shape.Size];
        reader.Read(0);
        error = reader.Decode(0, planar);
        return planar;
    }
}
