using Microsoft.ML.Data;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Small pictures as files of every kind that is read.</summary>
internal static class PictureFiles
{
    private const int Width = 13, Height = 9;

    /// <summary>Names of the kinds.</summary>
    public static readonly string[] Kinds = ["jpg", "png", "bmp", "gif"];

    /// <summary>A noisy gradient.</summary>
    public static byte[] Of(string kind) => kind switch
    {
        "bmp" => Bmp(),
        "gif" => Convert.FromBase64String("R0lGODdhBAADAIEAAAAAAP8AAAD/AAAA/ywAAAAABAADAAAIDgABBBAwYICAAAIHCggIADs="),
        _ => Saved(kind),
    };

    private static byte[] Saved(string kind)
    {
        var path = Path.Combine(Path.GetTempPath(), $"pat-{Guid.NewGuid():N}.{kind}");
        try
        {
            using var image = MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Rgba32, Rgba());
            image.Save(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Rgba()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 4 * Width * Height).Select(i => i % 4 == 3 ? byte.MaxValue : (byte)(i / 4 + random.Next(100)))];
    }

    private static byte[] Bmp()
    {
        const int row = (3 * Width + 3) / 4 * 4, header = 54;
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write("BM"u8);
        foreach (var value in (int[])[header + row * Height, 0, header, 40, Width, Height]) writer.Write(value);
        writer.Write((short)1);
        writer.Write((short)24);
        foreach (var value in (int[])[0, row * Height, 2835, 2835, 0, 0]) writer.Write(value);
        writer.Write([.. Rgba().Take(row * Height)]);
        return memory.ToArray();
    }
}
