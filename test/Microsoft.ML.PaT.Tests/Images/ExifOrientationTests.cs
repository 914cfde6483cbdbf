using System.Buffers.Binary;

namespace Microsoft.ML.PaT.Tests;

public class ExifOrientationTests
{
    [Test]
    public void The_tag_is_found_in_either_byte_order_behind_other_segments([Range(1, 8)] int orientation, [Values] bool little) =>
        Assert.That(ExifOrientation.Of(Jpeg((ushort)orientation, little)), Is.EqualTo(orientation));

    [TestCase((ushort)0)]
    [TestCase((ushort)9)]
    [TestCase(ushort.MaxValue)]
    public void A_value_without_meaning_is_upright(ushort orientation) => Assert.That(ExifOrientation.Of(Jpeg(orientation, little: true)), Is.EqualTo(1));

    [Test]
    public void Other_files_are_upright()
    {
        Assert.That(ExifOrientation.Of([]), Is.EqualTo(1));
        Assert.That(ExifOrientation.Of("BM this is another format"u8), Is.EqualTo(1));
        Assert.That(ExifOrientation.Of([0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 2, 3]), Is.EqualTo(1));
    }

    [Test]
    public void Cut_and_damaged_files_are_read_without_harm()
    {
        var file = Jpeg(6, little: false);
        for (var length = 0; length < file.Length; length++) Assert.That(ExifOrientation.Of(file.AsSpan(0, length)), Is.InRange(1, 8));
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var copy = file.ToArray();
            copy[random.Next(2, copy.Length)] = (byte)random.Next(256);
            Assert.That(ExifOrientation.Of(copy), Is.InRange(1, 8));
        }
    }

    /// <summary>The start of a JPEG file: a JFIF segment, then EXIF with two tags, the second being the orientation.</summary>
    internal static byte[] Jpeg(ushort orientation, bool little)
    {
        var tiff = new List<byte>();
        tiff.AddRange(little ? "II"u8 : "MM"u8);
        Add16(42);
        Add32(8);
        Add16(2);
        Entry(0x0100, 4, 640);
        Add16(0x0112);
        Add16(3);
        Add32(1);
        Add16(orientation);
        Add16(0);
        Add32(0);
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        return [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xFF, 0xE1, (byte)((exif.Length + 2) >> 8), (byte)(exif.Length + 2), .. exif];

        void Entry(ushort tag, ushort type, uint value)
        {
            Add16(tag);
            Add16(type);
            Add32(1);
            Add32(value);
        }

        void Add16(ushort value)
        {
            var bytes = new byte[2];
            if (little) BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            else BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
            tiff.AddRange(bytes);
        }

        void Add32(uint value)
        {
            var bytes = new byte[4];
            if (little) BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            else BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            tiff.AddRange(bytes);
        }
    }
}
