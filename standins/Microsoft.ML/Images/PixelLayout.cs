using Microsoft.ML.Data;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;

namespace Microsoft.ML;

/// <summary>Which colours a pixel vector holds, in which order, planar or interleaved, and how values are shifted and scaled.</summary>
internal sealed class PixelLayout
{
    internal PixelLayout(ColorBits colors, ColorsOrder order, bool interleaved, float offset, float scale)
    {
        if (!Enum.IsDefined(order)) throw new ArgumentOutOfRangeException("orderOfExtraction", order, "Unknown.");
        if ((colors & ColorBits.All) == 0) throw new ArgumentOutOfRangeException("colorsToExtract", "Need to use at least one color plane");
        if (scale == 0 || !float.IsFinite(scale)) throw new ArgumentOutOfRangeException("scaleImage", scale, "Must be finite and not 0.");
        if (!float.IsFinite(offset)) throw new ArgumentOutOfRangeException("offsetImage", offset, "Must be finite.");
        Colors = colors;
        Order = order;
        Interleaved = interleaved;
        Offset = offset;
        Scale = scale;
        // The order's name is the order: ARGB puts alpha first, then red, green, blue.
        Planes = order.ToString().Where(c => colors.HasFlag(BitOf(c))).ToArray();
    }

    internal ColorBits Colors { get; }
    internal ColorsOrder Order { get; }
    internal bool Interleaved { get; }
    internal float Offset { get; }
    internal float Scale { get; }

    /// <summary>The letters A, R, G, B of the colours present, in order.</summary>
    internal IReadOnlyList<char> Planes { get; }

    internal int[] Dimensions(int height, int width) => Interleaved ? [height, width, Planes.Count] : [Planes.Count, height, width];

    /// <summary>Where the value of a plane at a pixel lies in the vector.</summary>
    internal int Index(int plane, int pixel, int pixels) => Interleaved ? pixel * Planes.Count + plane : plane * pixels + pixel;

    /// <summary>Where a colour lies among a pixel's four bytes.</summary>
    internal static int ByteOf(char color, MLPixelFormat format) => color switch
    {
        'A' => 3,
        'G' => 1,
        'R' => format == MLPixelFormat.Rgba32 ? 0 : 2,
        _ => format == MLPixelFormat.Rgba32 ? 2 : 0,
    };

    private static ColorBits BitOf(char color) => color switch { 'A' => ColorBits.Alpha, 'R' => ColorBits.Red, 'G' => ColorBits.Green, _ => ColorBits.Blue };

    internal void Save(BinaryWriter writer)
    {
        writer.Write((byte)Colors);
        writer.Write((byte)Order);
        writer.Write(Interleaved);
        writer.Write(Offset);
        writer.Write(Scale);
    }

    internal static PixelLayout Load(BinaryReader reader) =>
        new((ColorBits)reader.ReadByte(), (ColorsOrder)reader.ReadByte(), reader.ReadBoolean(), reader.ReadSingle(), reader.ReadSingle());
}
