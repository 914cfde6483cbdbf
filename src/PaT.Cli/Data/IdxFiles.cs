using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace PaT.Cli;

/// <summary>
/// Gray images in the format of MNIST: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c> and the same with
/// <c>t10k</c>, also as <c>.gz</c>. A file has a magic number, the sizes of its dimensions (big-endian), and bytes.
/// </summary>
internal static class IdxFiles
{
    private const int ImageMagic = 0x803, LabelMagic = 0x801, MostBytes = 1 << 30;

    /// <summary>Whether a folder holds such files.</summary>
    public static bool IsIn(string folder) => Find(folder, "train", "images", "idx3") is not null;

    /// <summary>Reads a folder.</summary>
    /// <exception cref="InvalidImageDataException">A file is missing, truncated, or does not match another.</exception>
    public static LabeledImages Open(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new LabeledImages(name, folder, Encoded: true, Part(folder, "train"), Part(folder, "t10k")).Checked();
    }

    private static List<Image> Part(string folder, string part)
    {
        var images = Read(folder, part, "images", "idx3", ImageMagic);
        var labels = Read(folder, part, "labels", "idx1", LabelMagic);
        int count = Size(images, 0), height = Size(images, 1), width = Size(images, 2);
        const int imageHeader = 16, labelHeader = 8;
        var size = (long)height * width;
        var fits = size is > 0 and <= 1 << 24 && images.LongLength == imageHeader + (count * size)
            && labels.Length == labelHeader + Size(labels, 0) && Size(labels, 0) == count;
        if (!fits)
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceInvalid,
                $"the {part} files in {folder} are truncated or do not belong together: {count} images of "
                + $"{height}x{width} in {images.Length} bytes, {Size(labels, 0)} labels in {labels.Length}; "
                + "get them again");
        }

        return
        [
            .. Enumerable.Range(0, count).Select(i => new Image(
                $"{part}#{i}", labels[labelHeader + i].ToString(CultureInfo.InvariantCulture),
                () => Bitmap(images.AsSpan(imageHeader + (int)(i * size), (int)size), height, width))),
        ];
    }

    private static int Size(byte[] file, int dimension) =>
        BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(4 + (4 * dimension)));

    private static string? Find(string folder, string part, string what, string kind) =>
        Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).FirstOrDefault(
            file => Path.GetFileName(file) is var name
                && name.StartsWith($"{part}-{what}", StringComparison.Ordinal)
                && name.Contains(kind, StringComparison.Ordinal));

    private static byte[] Read(string folder, string part, string what, string kind, int magic)
    {
        var path = Find(folder, part, what, kind) ?? throw new InvalidImageDataException(
            ErrorCodes.ImageSourceInvalid, $"no {part}-{what}-{kind}-ubyte in {folder}; get all four files");
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var content = new MemoryStream();
        try
        {
            var block = new byte[1 << 16];
            for (int read; (read = stream.Read(block)) > 0 && content.Length < MostBytes;)
            {
                content.Write(block, 0, read);
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceInvalid, $"{path} cannot be unpacked: {e.Message} Get it again.", e);
        }

        var bytes = content.ToArray();
        var header = 4 + (4 * (magic & 0xFF));
        if (bytes.Length >= header && BinaryPrimitives.ReadInt32BigEndian(bytes) == magic) return bytes;
        throw new InvalidImageDataException(
            ErrorCodes.ImageSourceInvalid, $"{path} is not a {kind} file of bytes: get it again");
    }

    // An uncompressed bitmap with a palette, so that gray images are decoded in the same way as other image files.
    private static byte[] Bitmap(ReadOnlySpan<byte> gray, int height, int width)
    {
        const int header = 54, palette = 1024;
        var row = (width + 3) / 4 * 4;
        var file = new byte[header + palette + (row * height)];
        "BM"u8.CopyTo(file);
        (int At, int Value)[] fields =
        [
            (2, file.Length), (10, header + palette), (14, 40), (18, width), (22, height), (26, 1 | (8 << 16)),
            (34, row * height), (46, 256),
        ];
        foreach (var (at, value) in fields) BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        for (var i = 0; i < 256; i++) file.AsSpan(header + (4 * i), 3).Fill((byte)i);
        for (var y = 0; y < height; y++)
            gray.Slice(y * width, width).CopyTo(file.AsSpan(header + palette + ((height - 1 - y) * row)));
        return file;
    }
}
