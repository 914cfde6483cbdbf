using System.Buffers.Binary;
using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

public class PictureDecoderTests
{
    [Test]
    public void Pixels_come_out_planar_and_stretched()
    {
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [10, 20, 30, 255, 40, 50, 60, 255]);
        Assert.That(PictureDecoder.Decode(image, new(3, 1, 2)), Is.EqualTo(new byte[] { 10, 40, 20, 50, 30, 60 }));
        Assert.That(PictureDecoder.Decode(image, new(3, 2, 2)), Is.EqualTo(new byte[] { 10, 40, 10, 40, 20, 50, 20, 50, 30, 60, 30, 60 }));
    }

    [TestCaseSource(typeof(PictureFiles), nameof(PictureFiles.Kinds))]
    public void Files_of_every_kind_are_read(string kind) => Assert.That(PictureDecoder.Decode(PictureFiles.Of(kind), new(3, 4, 4)), Has.Length.EqualTo(48).And.Some.GreaterThan(0));

    [TestCaseSource(typeof(PictureFiles), nameof(PictureFiles.Kinds))]
    public void The_size_is_known_before_decoding(string kind)
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(PictureFiles.Of(kind)));
        Assert.That(EncodedPicture.Pixels(PictureFiles.Of(kind)), Is.EqualTo(image.Width * image.Height));
    }

    [Test]
    public void A_small_file_that_claims_to_be_a_large_picture_is_refused_before_memory_is_taken()
    {
        var bomb = PictureFiles.Of("png");
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 50_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 50_000);
        Assert.That(() => PictureDecoder.Decode(bomb, new(3, 8, 8)), Throws.TypeOf<InvalidPicturesException>().With.Message.Contains("2,500,000,000 pixels"));
    }

    [Test]
    public void What_a_header_claims_can_be_asked_before_decoding()
    {
        var bomb = PictureFiles.Of("png");
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 50_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 50_000);
        Assert.That(PictureDecoder.PixelsOf(bomb), Is.EqualTo(2_500_000_000));
        Assert.That(PictureDecoder.PixelsOf("<svg/>"u8), Is.Null);
    }

    [TestCase("")]
    [TestCase("BM")]
    [TestCase("no picture at all, but some bytes")]
    public void What_is_no_picture_is_refused_by_name(string content) =>
        Assert.That(() => PictureDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(content), new(3, 8, 8)), Throws.TypeOf<InvalidPicturesException>());
}
