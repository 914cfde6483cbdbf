namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Writes GIF files of 128 grays. Codes have 8 bits: a clear code precedes the growth of the table to 9 bits.
/// </summary>
internal static class GifWriter
{
    private const int Colors = 128, Clear = 128, End = 129, CodesBetweenClears = 100, BlockLength = 255;

    /// <param name="height">Rows of every frame.</param>
    /// <param name="width">Columns of every frame.</param>
    /// <param name="frames">Gray of each pixel, 0 to 127, [H,W].</param>
    public static byte[] Write(int height, int width, params byte[][] frames)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("GIF89a"u8);
        writer.Write((short)width);
        writer.Write((short)height);
        writer.Write([0xF6, 0, 0]);
        for (var i = 0; i < Colors; i++) writer.Write([(byte)(2 * i), (byte)(2 * i), (byte)(2 * i)]);
        foreach (var frame in frames)
        {
            if (frames.Length > 1) writer.Write([0x21, 0xF9, 4, 0, 10, 0, 0, 0]);
            writer.Write([0x2C, 0, 0, 0, 0]);
            writer.Write((short)width);
            writer.Write((short)height);
            writer.Write([0, 7]);
            byte[] codes = [.. frame.Chunk(CodesBetweenClears).SelectMany(part => part.Prepend((byte)Clear)), End];
            foreach (var block in codes.Chunk(BlockLength))
            {
                writer.Write((byte)block.Length);
                writer.Write(block);
            }
            writer.Write((byte)0);
        }
        writer.Write((byte)0x3B);
        return file.ToArray();
    }
}
