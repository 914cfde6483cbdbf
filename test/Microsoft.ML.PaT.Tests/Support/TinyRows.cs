using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// Images of two classes as ML.NET rows: bright on the left (<c>left</c>) or on the right (<c>right</c>), 8x8, with
/// noise.
/// </summary>
internal static class TinyRows
{
    public const int Size = 8;

    /// <summary>Options for training a tiny network within a second.</summary>
    public static readonly PruningAwareTrainingOptions Options = new()
    {
        Network = Networks.ByName("resnet8"),
        Images = new() { Height = Size, Width = Size, RandomCropPadding = 0, HorizontalFlip = false },
        Pruning = new() { Policy = PruningPolicy.Never },
        Training = new() { Epochs = 1, BatchSize = 16, LearningRate = 0.1 }, Threads = 1,
    };

    public static byte[] Planar(int number)
    {
        var random = new Random(number);
        var pixels = new byte[3 * Size * Size];
        random.NextBytes(pixels);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(pixels[i] / 4 + (i % Size < Size / 2 == (number % 2 == 0) ? 150 : 0));
        return pixels;
    }

    public static string Label(int number) => number % 2 == 0 ? "left" : "right";

    public static PixelRow[] Pixels(int count, int first = 0) =>
        [
            .. Enumerable
                .Range(first, count)
                .Select(i => new PixelRow
                {
                    Label = Label(i),
                    ImagePath = $"image{i}.png",
                    Image = [.. Planar(i).Select(b => (float)b)],
                }),
        ];

    public static ImageRow[] Images(int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(i => new ImageRow { Label = Label(i), Image = Image(Planar(i)) })];

    public static EncodedRow[] Encoded(int count, int first = 0) =>
        [
            .. Enumerable
                .Range(first, count)
                .Select(i => new EncodedRow
                {
                    Label = Label(i),
                    ImagePath = $"image{i}.bmp",
                    Image = Bitmap(Planar(i)),
                }),
        ];

    public static MLImage Image(byte[] planar, int height = Size, int width = Size)
    {
        var plane = height * width;
        var pixels = new byte[4 * plane];
        for (var i = 0; i < plane; i++)
        {
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) =
                (planar[i], planar[plane + i], planar[2 * plane + i], 255);
        }
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
    }

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

    /// <param name="keyed">Creates the keys of the labels; null for <see cref="Keyed"/>.</param>
    public static PruningAwareTrainingTransformer Fit(
        MLContext ml,
        IDataView data,
        PruningAwareTrainingOptions? options = null,
        Func<IDataView, IDataView>? keyed = null) =>
        ml.PaT().ImageClassification(options ?? Options).Fit(keyed is null ? Keyed(ml, data) : keyed(data));

    public static IDataView Keyed(MLContext ml, IDataView data) =>
        ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);

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

        // ML.NET requires a size in the attribute; images may have any size.
        [ImageType(Size, Size)]
        public MLImage Image { get; set; } = null!;
    }

    public sealed class EncodedRow
    {
        public string Label { get; set; } = "";

        public string ImagePath { get; set; } = "";

        public byte[] Image { get; set; } = [];
    }

    public sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];

        public string Name { get; set; } = "";
    }
}
