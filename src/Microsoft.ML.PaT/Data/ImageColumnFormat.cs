using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.PaT.Data;

/// <summary>The format of an image column: its content and, for pixel vectors, the order of the values.</summary>
/// <param name="Height">Rows of a pixel vector's image.</param>
/// <param name="Width">Columns of a pixel vector's image.</param>
/// <param name="Channels">Values of one pixel of a pixel vector: 3, or 1 for gray.</param>
/// <param name="IsInterleaved">Whether pixels are channels-last, [H,W,C]; otherwise [C,H,W].</param>
internal sealed record ImageColumnFormat(
    ImageColumnKind Kind,
    int Height,
    int Width,
    int Channels,
    bool IsInterleaved,
    ImageResizing Resizing = ImageResizing.Fill)
{
    /// <summary>The types that an image column may have, for messages.</summary>
    public const string Expected =
        "an MLImage (LoadImages), encoded bytes (LoadRawImageBytes), or a vector of pixels as bytes or floats "
            + "(ExtractPixels)";

    /// <summary>Number of values in a pixel vector.</summary>
    public int Size => Height * Width * Channels;

    /// <summary>Layout of the colors in a pixel vector.</summary>
    public PixelLayout Layout =>
        Channels == 1 ? PixelLayout.Gray(Height, Width)
        : IsInterleaved ? PixelLayout.InterleavedRgb(Height, Width)
        : PixelLayout.PlanarRgb(Height, Width);

    /// <summary>Finds the format of a column.</summary>
    /// <param name="input">Input shape of the network; also that of pixel vectors without dimensions.</param>
    /// <param name="interleaved">Whether pixel vectors are [H,W,C].</param>
    /// <exception cref="InvalidImageDataException">The column cannot hold images.</exception>
    public static ImageColumnFormat Of(
        DataViewSchema.Column column, ImageShape input, bool interleaved, ImageResizing resizing)
    {
        var images = (input.Height, input.Width);
        return column.Type switch
        {
            ImageDataViewType => new(ImageColumnKind.Image, 0, 0, 0, interleaved, resizing),
            VectorDataViewType { IsKnownSize: false, ItemType: NumberDataViewType { RawType: var raw } }
                when raw == typeof(byte) => new(ImageColumnKind.Encoded, 0, 0, 0, interleaved, resizing),
            VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw } } vector when raw == typeof(byte) =>
                Pixels(ImageColumnKind.BytePixels, vector),
            VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw } } vector when raw == typeof(float) =>
                Pixels(ImageColumnKind.FloatPixels, vector),
            _ => throw new InvalidImageDataException(
                ErrorCodes.ColumnTypeUnsupported,
                $"The image column '{column.Name}' must hold {Expected}; it holds {column.Type}."),
        };

        ImageColumnFormat Pixels(ImageColumnKind kind, VectorDataViewType vector)
        {
            var (height, width) = images;
            if (!vector.IsKnownSize) return new(kind, height, width, 3, interleaved, resizing);
            if (vector.Dimensions.Length == 3)
            {
                var (channels, rows, columns) = interleaved
                    ? (vector.Dimensions[2], vector.Dimensions[0], vector.Dimensions[1])
                    : (vector.Dimensions[0], vector.Dimensions[1], vector.Dimensions[2]);
                return channels is 1 or 3 && rows > 0 && columns > 0
                    ? new(kind, rows, columns, channels, interleaved, resizing)
                    : throw new InvalidImageDataException(
                        ErrorCodes.ColumnTypeUnsupported,
                        $"The image column '{column.Name}' has vectors of {vector}, which "
                            + $"{(interleaved ? "interleaved" : "planar")} are images of {channels} channels, "
                            + $"{rows} rows and {columns} columns (1 or 3 channels are allowed). "
                            + $"Set InterleavePixelColors = {!interleaved} if the column "
                                + "has the other order.");
            }
            var plane = height * width;
            return vector.Size == 3 * plane ? new(kind, height, width, 3, interleaved, resizing)
                : vector.Size == plane ? new(kind, height, width, 1, interleaved, resizing)
                : throw new InvalidImageDataException(
                    ErrorCodes.ColumnTypeUnsupported,
                    $"The image column '{column.Name}' has vectors of {vector.Size} values; images of "
                        + $"{height}x{width} have {3 * plane}, or {plane} if they are gray. Set Images.Height and "
                        + "Images.Width to the size of the images in the column.");
        }
    }

    /// <summary>Checks by its shape in a schema that a column can contain images.</summary>
    /// <exception cref="InvalidImageDataException">The column cannot contain images.</exception>
    public static void Check(SchemaShape.Column column)
    {
        var vector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        var pixels =
            vector
            && !column.IsKey
            && column.ItemType is NumberDataViewType
            && (column.ItemType.RawType == typeof(byte) || column.ItemType.RawType == typeof(float));
        if (!pixels && (vector || column.ItemType is not ImageDataViewType))
        {
            throw new InvalidImageDataException(
                ErrorCodes.ColumnTypeUnsupported,
                $"The image column '{column.Name}' must hold {Expected}; it holds "
                    + $"{(vector ? "vectors of " : "")}{column.ItemType}.");
        }
    }
}
