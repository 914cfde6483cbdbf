namespace Microsoft.ML.PaT.Data;

/// <summary>The colors in which images are read: RGB, or gray for networks of one channel.</summary>
internal static class ImageColors
{
    private const int Rgb = 3, Gray = 1;

    /// <exception cref="InvalidOptionsException">Images cannot be converted to this number of channels.</exception>
    public static void Require(ImageShape shape)
    {
        if (shape.Channels is Rgb or Gray) return;
        throw new InvalidOptionsException(
            ErrorCodes.NetworkMismatch,
            $"Images are read as RGB, [3,H,W], or as gray, [1,H,W], and the network takes {shape}. Give the pixels "
                + "themselves: ImageDataset.FromPixels to train, ImageClassifier.Score to score.");
    }

    /// <exception cref="InvalidOptionsException">The options are for images of other channels.</exception>
    public static void RequireFitting(ImageOptions options, ImageShape shape)
    {
        if (options.Normalization is { } normalization && normalization.Mean.Count != shape.Channels)
        {
            throw new InvalidOptionsException(
                ErrorCodes.OptionsInvalid,
                $"Images.Normalization is for {normalization.Mean.Count} channels, and the images have "
                    + $"{shape.Channels}; give one mean and one standard deviation for each channel.");
        }
        if (shape.Channels is Rgb or Gray) return;
        var color = options.TrivialAugment ? nameof(options.TrivialAugment)
            : options.ColorJitter.Contrast > 0 || options.ColorJitter.Saturation > 0 ? nameof(options.ColorJitter)
            : null;
        if (color is null) return;
        throw new InvalidOptionsException(
            ErrorCodes.OptionsInvalid,
            $"Images.{color} is for images of three colors or of gray, and the images have {shape.Channels} channels; "
                + "leave it out.");
    }

    /// <summary>Luma of ITU-R BT.601 in whole numbers, as Pillow's mode L. A gray pixel keeps its value.</summary>
    /// <param name="planar">[3,H,W].</param>
    /// <param name="gray">Receives [1,H,W].</param>
    public static void ToGray(ReadOnlySpan<byte> planar, Span<byte> gray)
    {
        const int red = 19595, green = 38470, blue = 7471, half = 1 << 15;
        var plane = gray.Length;
        for (var i = 0; i < plane; i++)
        {
            gray[i] = (byte)(
                (red * planar[i] + green * planar[plane + i] + blue * planar[2 * plane + i] + half) >> 16);
        }
    }
}
