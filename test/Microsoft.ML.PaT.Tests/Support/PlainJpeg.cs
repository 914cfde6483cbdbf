namespace Microsoft.ML.PaT.Tests;

/// <summary>Writes baseline JPEG files of 8x8 pixels of one color, with any number of color components.</summary>
internal static class PlainJpeg
{
    private const int Size = 8, Category = 7;

    /// <param name="components">
    /// One: gray. Three: YCbCr. Four: CMYK as Adobe's programs store it, 255 without ink. Each 1 to 64 or 192 to 255,
    /// so that its coefficient has seven bits.
    /// </param>
    public static byte[] Of(params byte[] components)
    {
        var count = (byte)components.Length;
        var bits = string.Concat(components.Select(Bits));
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '1');
        var adobe = count == 4 ? Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]) : [];
        return
        [
            0xFF, 0xD8, .. adobe,
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)Size, Size * Size)]),
            .. Segment(
                0xC0, [8, 0, Size, 0, Size, count, .. Numbers(count).SelectMany(c => new byte[] { c, 0x11, 0 })]),
            // One code of one bit for each of the two tables: seven bits follow; the end of the block.
            .. Segment(0xC4, [0x00, 1, .. new byte[15], Category]),
            .. Segment(0xC4, [0x10, 1, .. new byte[15], 0]),
            .. Segment(0xDA, [count, .. Numbers(count).SelectMany(c => new byte[] { c, 0 }), 0, 63, 0]),
            .. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2)),
            0xFF, 0xD9,
        ];
    }

    private static IEnumerable<byte> Numbers(byte count) => Enumerable.Range(1, count).Select(c => (byte)c);

    private static string Bits(byte value)
    {
        var coefficient = value - 128;
        if (Math.Abs(coefficient) is < 64 or > 127) throw new ArgumentOutOfRangeException(nameof(value));
        var code = coefficient > 0 ? coefficient : coefficient + 127;
        return $"0{Convert.ToString(code, 2).PadLeft(Category, '0')}0";
    }

    private static byte[] Segment(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];
}
