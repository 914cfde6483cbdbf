namespace PaT.Cli.Tests;

/// <summary>Small sets of drawn images in the formats that the samples read.</summary>
internal static class Drawings
{
    /// <summary>CIFAR-10's binary records: a label byte, then 3072 planar RGB bytes, classes in turn.</summary>
    public static byte[] Batch(int first, int count) =>
        [.. Enumerable.Range(first, count).SelectMany(i => (byte[])[(byte)(i % 10), .. ShapeImages.Render(i, i % 10)])];

    /// <summary>An archive in CIFAR-10's binary layout.</summary>
    public static byte[] BinaryArchive(int train, int test) =>
        Tar.Compressed([
            (
                "cifar-10-batches-bin/batches.meta.txt",
                System.Text.Encoding.ASCII.GetBytes(string.Join('\n', Shapes.All.Select(s => s.Name)) + "\n\n")),
            ("cifar-10-batches-bin/data_batch_1.bin", Batch(0, train / 2)),
            ("cifar-10-batches-bin/data_batch_2.bin", Batch(train / 2, train - (train / 2))),
            ("cifar-10-batches-bin/test_batch.bin", Batch(train, test)),
        ]);

    /// <summary>One image as an uncompressed 24-bit BMP file.</summary>
    public static byte[] Bmp(int number, int shape)
    {
        const int Side = 32, Header = 54, Size = Header + (3 * Side * Side);
        var planes = ShapeImages.Render(number, shape);
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write("BM"u8);
        foreach (var value in (int[])[Size, 0, Header, 40, Side, Side])
        {
            writer.Write(value);
        }

        writer.Write((short)1);
        writer.Write((short)24);
        foreach (var value in (int[])[0, 3 * Side * Side, 2835, 2835, 0, 0])
        {
            writer.Write(value);
        }

        for (var pixel = 0; pixel < Side * Side; pixel++)
        {
            var source = (((Side - 1) - (pixel / Side)) * Side) + (pixel % Side);
            writer.Write(planes[2048 + source]);
            writer.Write(planes[1024 + source]);
            writer.Write(planes[source]);
        }

        return memory.ToArray();
    }

    /// <summary>Class folders with so many images each.</summary>
    public static IEnumerable<(string Name, byte[] Content)> ClassFolders(string below, int classes, int each) =>
        from shape in Enumerable.Range(0, classes)
        from i in Enumerable.Range(0, each)
        select ($"{below}{Shapes.All[shape].Name}/{i:000}.bmp", Bmp((1000 * shape) + i, shape));
}
