using Microsoft.ML.Data;
using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Data;

/// <summary>The network of a run and the shape of its images. Both are chosen if the recipe names no network.</summary>
/// <param name="Choice">A sentence that says what was chosen and why; null if the recipe names the network.</param>
internal sealed record FittingNetwork(NetworkArchitecture Network, ImageShape Shape, string? Choice)
{
    private const int StandardSide = 32, PhotographSide = 224;
    private const int Sampled = 16, MostRows = 256;

    /// <param name="network">The network of the recipe; null to choose one.</param>
    /// <param name="options">The image column, and the size of images if it is given.</param>
    /// <param name="data">The training images. A few headers are read if the choice depends on them.</param>
    public static FittingNetwork Of(NetworkArchitecture? network, ImageDataOptions options, IDataView data)
    {
        if (network is { StandardInput: var standard })
            return new(network, Resized(standard, options.Images), null);
        if (options.Images is { Height: { } height, Width: { } width }) return For(new(3, height, width));
        var (shape, like) = Measure(data, options);
        shape = Resized(shape, options.Images);
        return new(Networks.Fitting(shape), shape, Tell($"the images have {like}", shape));
    }

    /// <summary>The network for images that have their final size.</summary>
    public static FittingNetwork For(ImageShape shape) =>
        new(Networks.Fitting(shape), shape, Tell("the images are resized", shape));

    /// <summary>The shape of images for a network that is chosen later.</summary>
    public static ImageShape ShapeOf(IDataView data, string column) => Measure(
        data,
        new() { ImageColumn = column, LabelColumn = column, Images = new(), MaxUnreadableFraction = 0 }).Shape;

    private static (ImageShape Shape, string Like) Measure(IDataView data, ImageDataOptions options)
    {
        var sizes = Sizes(data, options);
        if (sizes.Count == 0) return (new(3, StandardSide, StandardSide), "no size of their own");
        int[] heights = [.. sizes.Select(s => s.Height).Order()], widths = [.. sizes.Select(s => s.Width).Order()];
        var (height, width) = (heights[^1], widths[^1]);
        var like = $"{(heights[0] == height && widths[0] == width ? "" : "up to ")}{height}x{width} pixels";
        return IsSmall(height, width)
            ? (new(3, heights[heights.Length / 2], widths[widths.Length / 2]), like)
            : (new(3, PhotographSide, PhotographSide), like);
    }

    private static bool IsSmall(int height, int width) => Math.Max(height, width) <= Networks.LongestSmallSide;

    private static ImageShape Resized(ImageShape shape, ImageOptions options) => shape with
    {
        Height = options.Height ?? shape.Height, Width = options.Width ?? shape.Width,
    };

    private static string Tell(string images, ImageShape shape) =>
        $"No network is given, and {images}: {Networks.Fitting(shape)} is trained on {shape.Height}x{shape.Width} "
            + "pixels.";

    /// <summary>The sizes of the first images that can be read.</summary>
    private static List<(int Height, int Width)> Sizes(IDataView data, ImageDataOptions options)
    {
        var column = Columns.Find(data.Schema, options.ImageColumn, "image");
        if (column.Type is VectorDataViewType { IsKnownSize: true } vector) return [SizeOf(column, vector, options)];
        var format = ImageColumnFormat.Of(
            column, new(3, StandardSide, StandardSide), options.InterleavePixelColors, options.Images.Resizing);
        var sizes = new List<(int, int)>();
        if (format.Kind == ImageColumnKind.FloatPixels) return sizes;
        using var cursor = SequentialCursor.Open(data, [column]);
        var reader = ImageRowReader.Create(format, cursor, column, new(3, StandardSide, StandardSide), slots: 1);
        for (var row = 0; row < MostRows && sizes.Count < Sampled && cursor.MoveNext(); row++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            reader.Read(0);
            if (reader.SizeOf(0) is { } size) sizes.Add(size);
        }
        return sizes;
    }

    /// <summary>
    /// The size of the images of a pixel vector: its dimensions or, without them, the size of a square.
    /// </summary>
    private static (int Height, int Width) SizeOf(
        DataViewSchema.Column column, VectorDataViewType vector, ImageDataOptions options)
    {
        var side = (int)Math.Round(Math.Sqrt(vector.Size));
        if (side * side != vector.Size) side = (int)Math.Round(Math.Sqrt(vector.Size / 3.0));
        if (side * side != vector.Size && 3 * side * side != vector.Size) side = StandardSide;
        var format = ImageColumnFormat.Of(
            column, new(3, side, side), options.InterleavePixelColors, options.Images.Resizing);
        return (format.Height, format.Width);
    }
}
