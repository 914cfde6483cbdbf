using System.Buffers.Binary;

namespace Microsoft.ML.PaT.Tests;

public class EncodedPictureTests
{
    // The smallest files with the marks that count: headers are skipped over, not decoded.
    private static readonly byte[] s_jpeg = [0xFF, 0xD8, 0xFF, 0xE1, 1, 2, 0xFF, 0xD9, 3, 0xFF, 0xDA, 9, 9, 9, 0xFF, 0xD9];
    private static readonly byte[] s_png = [0x89, .. "PNG\r\n"u8, 0, 0, .. "IDAT"u8, 7, 7, .. "IEND"u8, 1, 2, 3, 4];

    [Test]
    public void A_whole_file_is_whole()
    {
        Assert.That(EncodedPicture.EndsEarly(s_jpeg), Is.False);
        Assert.That(EncodedPicture.EndsEarly(s_png), Is.False);
        Assert.That(EncodedPicture.EndsEarly(Bmp(5, 3)), Is.False);
        Assert.That(EncodedPicture.EndsEarly([.. s_jpeg, 0, 0, 0]), Is.False, "some cameras pad the file");
    }

    [Test]
    public void A_jpeg_without_its_end_ends_early_even_when_its_thumbnail_has_one()
    {
        for (var length = 11; length < s_jpeg.Length; length++) Assert.That(EncodedPicture.EndsEarly(s_jpeg.AsSpan(0, length)), Is.True, $"{length} bytes");
    }

    [Test]
    public void A_png_without_its_end_ends_early() => Assert.That(EncodedPicture.EndsEarly(s_png.AsSpan(0, 14)), Is.True);

    [TestCase(2)]
    [TestCase(20)]
    [TestCase(54)]
    [TestCase(100)]
    public void A_bmp_without_all_its_rows_ends_early(int length) => Assert.That(EncodedPicture.EndsEarly(Bmp(5, 3).AsSpan(0, Math.Min(length, 101))), Is.True);

    [Test]
    public void What_is_no_such_file_is_left_to_its_decoder() => Assert.That(EncodedPicture.EndsEarly("GIF89a"u8), Is.False);

    // A row is its filter byte and width * channels * depth / 8; 100 bytes hold at most 103,200.
    [TestCase(8, 0, 1031, 100, ExpectedResult = false)]
    [TestCase(8, 0, 1032, 100, ExpectedResult = true)]
    [TestCase(16, 6, 128, 100, ExpectedResult = false)]
    [TestCase(16, 6, 129, 100, ExpectedResult = true)]
    [TestCase(8, 2, int.MaxValue, int.MaxValue, ExpectedResult = true)]
    public bool A_png_that_claims_more_than_its_bytes_can_hold_is_told(int depth, int colours, int width, int height)
    {
        byte[] file = [0x89, .. "PNG\r\n"u8, 26, 10, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[84]];
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        (file[24], file[25]) = ((byte)depth, (byte)colours);
        Assert.That(file, Has.Length.EqualTo(100));
        return EncodedPicture.ClaimsTooMuch(file);
    }

    /// <summary>An uncompressed 24-bit bitmap: 54 bytes of header, rows padded to four bytes.</summary>
    private static byte[] Bmp(int width, int height)
    {
        var file = new byte[54 + (width * 24 + 31) / 32 * 4 * height];
        "BM"u8.CopyTo(file);
        file[10] = 54;
        file[18] = (byte)width;
        file[22] = (byte)height;
        file[28] = 24;
        return file;
    }
}
