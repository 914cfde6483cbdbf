using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Images of two classes as rows for ML.NET: bright on the left (<c>left</c>) or on the right (<c>right</c>), 8x8, under noise.</summary>
internal static class TinyRows
{
    public const int Size = 8;

    /// <summary>Options that train a tiny network for a moment.</summary>
    public static readonly PruningAwareTrainingOptions Options = new()
    {
        Network = Networks.ByName("resnet8"),
        Images = new() { Height = Size, Width = Size, RandomCropPadding = 0, HorizontalFlip = false },
        Pruning = new() { Policy = PruningPolicy.Never },
        Training = new() { Epochs = 1, BatchSize = 16, LearningRate = 0.1 }, Threads = 1,
    };

    /// <summary>Planar RGB bytes of one image.</summary>
    public static byte[] Planar(int number)
    {
        var random = new Random(number);
        var pixels = new byte[3 * Size * Size];
        random.NextBytes(pixels);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(pixels[i] / 4 + (i % Size < Size / 2 == (number % 2 == 0) ? 150 : 0));
        return pixels;
    }

    /// <summary>Name of an image's class.</summary>
    public static string Label(int number) => number % 2 == 0 ? "left" : "right";

    /// <summary>Rows with planar float pixels.</summary>
    public static PixelRow[] Pixels(int count, int first = 0) => [.. Enumerable.Range(first, count).Select(i => new PixelRow
    {
        Label = Label(i), ImagePath = $"image{i}.png", Image = [.. Planar(i).Select(b => (float)b)],
    })];

    /// <summary>The same images, decoded.</summary>
    public static ImageRow[] Images(int count, int first = 0) => [.. Enumerable.Range(first, count).Select(i => new ImageRow { Label = Label(i), Image = Image(Planar(i)) })];

    /// <summary>The same images as files' bytes.</summary>
    public static EncodedRow[] Encoded(int count, int first = 0) => [.. Enumerable.Range(first, count).Select(i => new EncodedRow { Label = Label(i), ImagePath = $"image{i}.bmp", Image = Bitmap(Planar(i)) })];

    /// <summary>Planar RGB as an <see cref="MLImage"/>.</summary>
    public static MLImage Image(byte[] planar, int height = Size, int width = Size)
    {
        var plane = height * width;
        var pixels = new byte[4 * plane];
        for (var i = 0; i < plane; i++) (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = (planar[i], planar[plane + i], planar[2 * plane + i], 255);
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
    }

    /// <summary>Planar RGB as an uncompressed 24-bit BMP file.</summary>
    public static byte[] Bitmap(byte[] planar, int height = Size, int width = Size)
    {
        var stride = (3 * width + 3) / 4 * 4;
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("BM"u8);
        writer.Write(54 + stride * height);
        writer.Write(0);
        writer.Write(54);
        writer.Write(40);
        writer.Write(width);
        writer.Write(height);
        writer.Write((short)1);
        writer.Write((short)24);
        writer.Write(new byte[24]);
        for (var y = height - 1; y >= 0; y--)
        {
            var row = new byte[stride];
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++) row[3 * x + 2 - c] = planar[(c * height + y) * width + x];
            writer.Write(row);
        }
        return file.ToArray();
    }

    public sealed class PixelRow
    {
        public string Label { get; set; } = "";

        public string ImagePath { get; set; } = "";

        [VectorType(3 * Size * Size)]
        public float[] Image { get; set; } = [];
    }

    public sealed class ImageRow
    {
        public string Label { get; set; } = "";

        // ML.NET cannot register the attribute without a size; images may have any.
        [ImageType(Size, Size)]
        public MLImage Image { get; set; } = null!;
    }

    public sealed class EncodedRow
    {
        public string Label { get; set; } = "";

        public string ImagePath { get; set; } = "";

        public byte[] Image { get; set; } = [];
    }

    /// <summary>What scoring gives.</summary>
    public sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public string Name { get; set; } = "";
    }
}
