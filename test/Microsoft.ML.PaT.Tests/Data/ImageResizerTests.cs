using System.Text;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Tests;

public class ImageResizerTests
{
    [Test]
    public void An_image_of_the_right_size_is_only_rearranged()
    {
        byte[] rgba = [1, 2, 3, 255, 4, 5, 6, 0];
        Assert.That(Resize(rgba, PixelLayout.Rgba(1, 2), 1, 2), Is.EqualTo(new byte[] { 1, 4, 2, 5, 3, 6 }));
        Assert.That(Resize(rgba, PixelLayout.Bgra(1, 2), 1, 2), Is.EqualTo(new byte[] { 3, 6, 2, 5, 1, 4 }));
        Assert.That(
            Resize([1, 2, 3, 4, 5, 6], PixelLayout.InterleavedRgb(1, 2), 1, 2),
            Is.EqualTo(new byte[] { 1, 4, 2, 5, 3, 6 }));
        Assert.That(
            Resize([1, 4, 2, 5, 3, 6], PixelLayout.PlanarRgb(1, 2), 1, 2), Is.EqualTo(new byte[] { 1, 4, 2, 5, 3, 6 }));
        Assert.That(Resize([9, 8], PixelLayout.Gray(1, 2), 1, 2), Is.EqualTo(new byte[] { 9, 8, 9, 8, 9, 8 }));
    }

    /// <summary>
    /// Full vectors are copied at once and the rest one by one; in reverse order, all values are copied one by one.
    /// </summary>
    [TestCase(1)]
    [TestCase(16)]
    [TestCase(33)]
    [TestCase(64)]
    [TestCase(131)]
    public void Rows_of_any_length_are_rearranged_alike(int width)
    {
        const int height = 3;
        var pixels = new byte[4 * height * width];
        new Random(width).NextBytes(pixels);
        byte[] Plane(int color) => [.. Enumerable.Range(0, height * width).Select(i => pixels[4 * i + color])];
        Assert.That(
            Resize(pixels, PixelLayout.Rgba(height, width), height, width),
            Is.EqualTo((byte[])[.. Plane(0), .. Plane(1), .. Plane(2)]));
        Assert.That(
            Resize(pixels, PixelLayout.Bgra(height, width), height, width),
            Is.EqualTo((byte[])[.. Plane(2), .. Plane(1), .. Plane(0)]));
        byte[] round = [.. Plane(0).Reverse(), .. Plane(1).Reverse(), .. Plane(2).Reverse()];
        Assert.That(Resize(pixels, PixelLayout.Rgba(height, width).Oriented(3), height, width), Is.EqualTo(round));
    }

    [TestCase(3, 5, 7, 2)]
    [TestCase(64, 48, 32, 32)]
    [TestCase(1, 1, 5, 4)]
    public void One_color_stays_that_color(int height, int width, int newHeight, int newWidth)
    {
        var image = Enumerable.Repeat((byte)137, height * width).ToArray();
        Assert.That(Resize(image, PixelLayout.Gray(height, width), newHeight, newWidth), Is.All.EqualTo(137));
    }

    [Test]
    public void Twice_as_wide_mixes_neighbors_three_to_one()
    {
        // Pixel centers at halves: targets lie a quarter of a step off the sources.
        Assert.That(Resize([0, 100], PixelLayout.Gray(1, 2), 1, 4)[..4], Is.EqualTo(new byte[] { 0, 25, 75, 100 }));
    }

    [Test]
    public void Half_as_wide_weighs_by_a_triangle_of_twice_the_width()
    {
        // Target 1 of 4 is centered between sources 2 and 3; weights 1, 3, 3, 1 over sources 1 to 4.
        byte[] source = [0, 0, 80, 0, 0, 0, 0, 0];
        Assert.That(Resize(source, PixelLayout.Gray(1, 8), 1, 4)[..4], Is.EqualTo(new byte[] { 11, 30, 0, 0 }));
    }

    [Test]
    public void A_checkerboard_shrinks_to_gray_not_to_noise()
    {
        var board = new byte[64 * 64];
        for (var i = 0; i < board.Length; i++) board[i] = (byte)((i / 64 + i % 64) % 2 * 255);
        Assert.That(Resize(board, PixelLayout.Gray(64, 64), 8, 8), Is.All.InRange(126, 129));
    }

    [Test]
    public void A_ramp_shrinks_to_a_ramp_across_and_down_alike()
    {
        var ramp = Enumerable.Range(0, 64).Select(i => (byte)(4 * i)).ToArray();
        var across = Resize(ramp, PixelLayout.Gray(1, 64), 1, 8)[..8];
        var down = Resize(ramp, PixelLayout.Gray(64, 1), 8, 1)[..8];
        Assert.That(down, Is.EqualTo(across));
        for (var i = 1; i < 7; i++) Assert.That(across[i], Is.EqualTo(32 * i + 14).Within(1));
    }

    [TestCase(1, "abc def")]
    [TestCase(2, "cba fed")]
    [TestCase(3, "fed cba")]
    [TestCase(4, "def abc")]
    [TestCase(5, "ad be cf")]
    [TestCase(6, "da eb fc")]
    [TestCase(7, "fc eb da")]
    [TestCase(8, "cf be ad")]
    public void Orientation_turns_and_mirrors_as_EXIF_defines_it(int exif, string seen)
    {
        var rows = seen.Split(' ');
        var oriented = PixelLayout.Gray(2, 3).Oriented(exif);
        Assert.That((oriented.Height, oriented.Width), Is.EqualTo((rows.Length, rows[0].Length)));
        var planar = Resize("abcdef"u8.ToArray(), oriented, oriented.Height, oriented.Width);
        Assert.That(Encoding.ASCII.GetString(planar, 0, 6), Is.EqualTo(string.Concat(rows)));
        // Orienting and then resizing equals resizing the oriented image.
        var turned = Resize(planar, PixelLayout.PlanarRgb(oriented.Height, oriented.Width), 5, 4);
        Assert.That(Resize("abcdef"u8.ToArray(), oriented, 5, 4), Is.EqualTo(turned));
    }

    [Test]
    public void Swapping_rows_and_columns_before_or_after_is_the_same()
    {
        var random = new Random(4);
        var image = new byte[9 * 6];
        random.NextBytes(image);
        var turned = new byte[image.Length];
        for (var y = 0; y < 9; y++)
        for (var x = 0; x < 6; x++) turned[x * 9 + y] = image[y * 6 + x];
        var a = Resize(image, PixelLayout.Gray(9, 6), 4, 8);
        var b = Resize(turned, PixelLayout.Gray(6, 9), 8, 4);
        for (var y = 0; y < 4; y++)
        for (var x = 0; x < 8; x++) Assert.That(a[y * 8 + x], Is.EqualTo(b[x * 4 + y]).Within(1));
    }

    [Test]
    public void Padding_keeps_proportions_between_black_bars()
    {
        var wide = Enumerable.Repeat((byte)200, 4 * 8).ToArray();
        var planar = new byte[3 * 8 * 8];
        Array.Fill(planar, (byte)1);
        ImageResizer.Resize(wide, PixelLayout.Gray(4, 8), planar, new(3, 8, 8), ImageResizing.IsoPad);
        for (var i = 0; i < planar.Length; i++) Assert.That(planar[i], Is.EqualTo(i / 8 % 8 is >= 2 and < 6 ? 200 : 0));
        ImageResizer.Resize(wide, PixelLayout.Gray(8, 4), planar, new(3, 8, 8), ImageResizing.IsoPad);
        for (var i = 0; i < planar.Length; i++) Assert.That(planar[i], Is.EqualTo(i % 8 is >= 2 and < 6 ? 200 : 0));
    }

    [TestCase(4, 12)]
    [TestCase(12, 4)]
    [TestCase(9, 7)]
    public void Cropping_is_stretching_the_middle(int height, int width)
    {
        var random = new Random(3);
        var image = new byte[3 * height * width];
        random.NextBytes(image);
        var layout = PixelLayout.InterleavedRgb(height, width);
        var cropped = new byte[3 * 5 * 5];
        ImageResizer.Resize(image, layout, cropped, new(3, 5, 5), ImageResizing.IsoCrop);
        var side = Math.Min(height, width);
        Assert.That(
            cropped, Is.EqualTo(Resize(image, layout.Part((height - side) / 2, (width - side) / 2, side, side), 5, 5)));
    }

    [TestCase(1, 1)]
    [TestCase(1, 300)]
    [TestCase(300, 1)]
    [TestCase(5, 7)]
    public void Every_kind_takes_every_proportion(int height, int width)
    {
        var image = Enumerable.Repeat((byte)90, height * width).ToArray();
        foreach (var kind in Enum.GetValues<ImageResizing>())
        {
            var planar = new byte[3 * 4 * 6];
            ImageResizer.Resize(image, PixelLayout.Gray(height, width), planar, new(3, 4, 6), kind);
            Assert.That(planar, Has.All.EqualTo(90).Or.EqualTo(0));
            Assert.That(planar, Has.Some.EqualTo(90));
            if (kind != ImageResizing.IsoPad) Assert.That(planar, Has.All.EqualTo(90));
        }
    }

    private static byte[] Resize(byte[] source, PixelLayout layout, int newHeight, int newWidth)
    {
        var planar = new byte[3 * newHeight * newWidth];
        ImageResizer.Resize(source, layout, planar, newHeight, newWidth);
        return planar;
    }
}
