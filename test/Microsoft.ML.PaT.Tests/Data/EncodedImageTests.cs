using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML.PaT.Data;
using SkiaSharp;

namespace Microsoft.ML.PaT.Tests;

public class EncodedImageTests
{
    private static readonly ImageShape s_shape = new(3, 4, 4);

    public static string[] Kinds => SampleImages.Kinds;

    [TestCaseSource(nameof(Kinds))]
    public void Every_format_is_read_and_its_size_is_known_before(string kind)
    {
        var file = SampleImages.Of(kind);
        Assert.That(EncodedImage.SizeOf(file), Is.EqualTo((SampleImages.Height, SampleImages.Width)));
        var pixels = Decode(file, new(3, SampleImages.Height, SampleImages.Width));
        var expected = kind == "gif" ? [.. SampleImages.Indices(1).Select(i => (byte)(2 * i))]
            : SampleImages.Planar(SampleImages.Height, SampleImages.Width, 1);
        var tolerance = kind is "jpg" or "webp" ? 25 : 0;
        Assert.That(pixels[..expected.Length], Is.EqualTo(expected).Within(tolerance));
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_file_that_ends_early_is_refused_at_any_byte(string kind)
    {
        var file = SampleImages.Of(kind);
        for (var length = 0; length < file.Length; length++)
        {
            Assert.That(() => Decode(file[..length]), Throws.TypeOf<InvalidDataException>(),
                $"{length} of {file.Length} bytes");
        }
        Assert.That(() => Decode(file[..(file.Length * 2 / 3)]), Throws.TypeOf<InvalidDataException>()
            .With.Message.Contains("the file ends before"));
    }

    [TestCaseSource(nameof(Kinds))]
    public void Bytes_after_a_whole_image_are_ignored(string kind)
    {
        var file = SampleImages.Of(kind);
        var expected = Decode(file);
        for (var seed = 0; seed < 20; seed++)
        {
            // As in motion photos: random bytes contain byte sequences that look like markers.
            var video = new byte[30_000];
            new Random(seed).NextBytes(video);
            Assert.That(Decode([.. file, 0, 0, 0, 0x18, .. "ftypmp42"u8, .. video]), Is.EqualTo(expected),
                $"seed {seed}");
        }
        Assert.That(Decode([.. file, 0, 0]), Is.EqualTo(expected));
    }

    [TestCase("jpg", 65_500, 65_500)]
    [TestCase("jpg", 9_000, 9_000)]
    [TestCase("png", 50_000, 50_000)]
    [TestCase("png", 9_000, 9_000)]
    [TestCase("gif", 65_000, 65_000)]
    [TestCase("gif", 9_000, 9_000)]
    [TestCase("bmp", 30_000, 30_000)]
    [TestCase("bmp", 9_000, 9_000)]
    [TestCase("webp", 12_000, 12_000)]
    [TestCase("webp", 9_000, 9_000)]
    public void A_small_file_that_claims_a_large_image_is_refused_at_once(string kind, int height, int width)
    {
        var bomb = ImageEdits.Claim(SampleImages.Of(kind), height, width);
        Refuses(bomb, FormattableString.Invariant($"it claims {(long)height * width:N0} pixels"));
        Assert.That(EncodedImage.SizeOf(bomb), Is.EqualTo((height, width)));
    }

    // A single color needs no bits: 38 bytes for any size.
    [TestCase(12_000)]
    [TestCase(9_000)]
    public void A_lossless_webp_of_38_bytes_is_refused_at_once(int side)
    {
        byte[] bomb = [.. "RIFF"u8, 30, 0, 0, 0, .. "WEBPVP8L"u8, 17, 0, 0, 0, 0x2F,
            .. BitConverter.GetBytes((side - 1) | ((side - 1) << 14)), .. new byte[13]];
        Assert.That(bomb, Has.Length.EqualTo(38));
        Refuses(bomb, FormattableString.Invariant($"it claims {(long)side * side:N0} pixels"));
    }

    [TestCase(SKEncodedImageFormat.Jpeg)]
    [TestCase(SKEncodedImageFormat.Png)]
    [TestCase(SKEncodedImageFormat.Webp)]
    public void An_image_of_one_color_is_not_taken_for_a_trap(SKEncodedImageFormat format)
    {
        var file = SampleImages.Skia(format, 2000, 2000, (_, _) => new(10, 200, 30));
        var pixels = Decode(file);
        Assert.That(pixels[..16], Is.All.EqualTo(10).Within(3));
        Assert.That(pixels[16..32], Is.All.EqualTo(200).Within(3));
    }

    [Test]
    public void The_orientation_turns_the_image([Values("jpg", "webp")] string kind, [Range(1, 8)] int orientation,
        [Values] bool little)
    {
        const int height = 32, width = 64;
        // Four corners of different grays.
        byte[] corners = [0, 80, 160, 240];
        var format = kind == "jpg" ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Webp;
        var upright = SampleImages.Skia(format, height, width,
            (y, x) => Gray(corners[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)]));
        var pixels = Decode(ImageEdits.Orient(upright, orientation, little), new(3, 8, 8));
        byte[] seen = [pixels[0], pixels[7], pixels[56], pixels[63]];
        // EXIF 2.3, tag 274: top-left, top-right, bottom-left, bottom-right as seen.
        int[] order = orientation switch
        {
            1 => [0, 1, 2, 3],
            2 => [1, 0, 3, 2],
            3 => [3, 2, 1, 0],
            4 => [2, 3, 0, 1],
            5 => [0, 2, 1, 3],
            6 => [2, 0, 3, 1],
            7 => [3, 1, 2, 0],
            _ => [1, 3, 0, 2],
        };
        Assert.That(seen, Is.EqualTo(order.Select(i => corners[i])).Within(12));
        Assert.That(EncodedImage.SizeOf(ImageEdits.Orient(upright, orientation, little)),
            Is.EqualTo(orientation < 5 ? (height, width) : (width, height)));

        static SKColor Gray(byte value) => new(value, value, value);
    }

    [TestCase(0)]
    [TestCase(9)]
    [TestCase(65535)]
    public void An_orientation_without_meaning_is_upright(int orientation)
    {
        var file = SampleImages.Of("jpg");
        Assert.That(Decode(ImageEdits.Orient(file, orientation)), Is.EqualTo(Decode(file)));
    }

    [Test]
    public void First_frame_of_an_animation_is_read()
    {
        var (first, second) = (SampleImages.Indices(1), SampleImages.Indices(1).Reverse().ToArray());
        Assert.That(Decode(GifWriter.Write(SampleImages.Height, SampleImages.Width, first, second)),
            Is.EqualTo(Decode(SampleImages.Of("gif"))));
        var day = SampleImages.Of("webp");
        var night = SampleImages.Skia(SKEncodedImageFormat.Webp, SampleImages.Height, SampleImages.Width,
            (_, _) => SKColors.Black);
        Assert.That(Decode(ImageEdits.Animate(day, night)), Is.EqualTo(Decode(day)));
    }

    [TestCase(1, 0, 0xB0, 255, 0, TestName = "PNG, gray of 1 bit")]
    [TestCase(16, 0, 0xC0, 192, 192, TestName = "PNG, gray of 16 bits")]
    [TestCase(16, 2, 0xC0, 192, 192, TestName = "PNG, RGB of 16 bits")]
    [TestCase(8, 3, 1, 30, 30, TestName = "PNG, palette")]
    public void Unusual_png_files_become_rgb(int depth, int color, byte value, byte first, byte second)
    {
        const int side = 8;
        var row = new byte[1 + side * depth * (color == 2 ? 3 : 1) / 8];
        row.AsSpan(1).Fill(value);
        byte[] header = [0, 0, 0, side, 0, 0, 0, side, (byte)depth, (byte)color, 0, 0, 0];
        using var pixels = new MemoryStream();
        using (var deflate = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < side; y++) deflate.Write(row);
        byte[] file = [0x89, .. "PNG\r\n\u001A\n"u8, .. Chunk("IHDR", header), .. Chunk("PLTE", [0, 0, 0, 30, 60, 90]),
            .. Chunk("IDAT", pixels.ToArray()), .. Chunk("IEND", [])];
        if (color == 0) file = [.. file.AsSpan(0, 33), .. file.AsSpan(33 + 18)];
        var planar = Decode(file, new(3, side, side));
        Assert.That((planar[0], planar[1]), Is.EqualTo((first, second)));
        Assert.That(planar[2 * side * side], Is.EqualTo(color == 3 ? 90 : first));

        static byte[] Chunk(string type, byte[] content)
        {
            byte[] typed = [.. System.Text.Encoding.ASCII.GetBytes(type), .. content];
            var sum = ImageEdits.Checksum(typed);
            return [0, 0, 0, (byte)content.Length, .. typed, (byte)(sum >> 24), (byte)(sum >> 16), (byte)(sum >> 8),
                (byte)sum];
        }
    }

    [Test]
    public void A_large_image_is_decoded_at_the_smallest_scale_of_at_least_twice_the_target(
        [Values(100, 223, 640, 1000)] int height, [Values(90, 500, 1001)] int width, [Values(8, 56, 224)] int side,
        [Values] ImageResizing resizing, [Values(1, 6)] int orientation)
    {
        var file = ImageEdits.Orient(
            SampleImages.Skia(SKEncodedImageFormat.Jpeg, height, width, (_, _) => SKColors.Gray), orientation);
        var shape = new ImageShape(3, side, side / 2);
        var (tall, wide) = orientation == 6 ? (shape.Width, shape.Height) : (shape.Height, shape.Width);
        using var codec = SKCodec.Create(new MemoryStream(file));
        var size = EncodedImage.ScaledSize(codec, shape, resizing);
        var sizes = Enumerable.Range(1, 8).Select(n => codec.GetScaledDimensions(n / 8f)).ToArray();
        Assert.That(sizes, Does.Contain(size));
        Assert.That(sizes.First(s => Scale(s) >= 2 || s.Width == width), Is.EqualTo(size));

        // Decoded pixels per target pixel along the deciding side.
        double Scale(SKSizeI s)
        {
            var (down, across) = ((double)s.Height / tall, (double)s.Width / wide);
            return resizing == ImageResizing.IsoPad ? Math.Max(down, across) : Math.Min(down, across);
        }
    }

    [Test]
    public void A_scaled_image_looks_like_the_whole_one_resized([Values] ImageResizing resizing,
        [Values(1, 8)] int orientation)
    {
        const int height = 600, width = 800;
        var file = ImageEdits.Orient(SampleImages.Skia(SKEncodedImageFormat.Jpeg, height, width, 95), orientation);
        var shape = new ImageShape(3, 64, 48);
        using var bitmap = SKBitmap.Decode(file);
        var whole = new byte[shape.Size];
        var layout = bitmap.ColorType == SKColorType.Rgba8888 ? PixelLayout.Rgba(height, width)
            : PixelLayout.Bgra(height, width);
        ImageResizer.Resize(bitmap.GetPixelSpan(), layout.Oriented(orientation), whole, shape, resizing);
        Assert.That(Decode(file, shape, resizing).Zip(whole, (a, b) => Math.Abs(a - b)).Average(), Is.LessThan(1.0));
    }

    private static void Refuses(byte[] bomb, string message)
    {
        using var process = Process.GetCurrentProcess();
        var (before, clock) = (process.PeakWorkingSet64, Stopwatch.StartNew());
        Assert.That(() => Decode(bomb), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(1));
        process.Refresh();
        Assert.That(process.PeakWorkingSet64 - before, Is.LessThan(32 << 20));
    }

    private static byte[] Decode(byte[] file, ImageShape? shape = null, ImageResizing resizing = ImageResizing.Fill)
    {
        var target = shape ?? s_shape;
        var planar = new byte[target.Size];
        EncodedImage.Decode(file, planar, target, resizing);
        return planar;
    }
}
