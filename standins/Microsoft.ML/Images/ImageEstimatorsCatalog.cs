using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

public static class ImageEstimatorsCatalog
{
    public static ImageGrayscalingEstimator ConvertToGrayscale(this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null) =>
        new(new(InputOutputColumnPair.Of(outputColumnName, inputColumnName)));

    public static ImageLoadingEstimator LoadImages(this TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName = null) =>
        new(new(InputOutputColumnPair.Of(outputColumnName, inputColumnName), imageFolder, decode: true));

    public static ImageLoadingEstimator LoadRawImageBytes(this TransformsCatalog catalog, string outputColumnName, string imageFolder, string inputColumnName = null) =>
        new(new(InputOutputColumnPair.Of(outputColumnName, inputColumnName), imageFolder, decode: false));

    public static ImagePixelExtractingEstimator ExtractPixels(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName = null,
        ImagePixelExtractingEstimator.ColorBits colorsToExtract = ImagePixelExtractingEstimator.ColorBits.Rgb,
        ImagePixelExtractingEstimator.ColorsOrder orderOfExtraction = ImagePixelExtractingEstimator.ColorsOrder.ARGB,
        bool interleavePixelColors = false, float offsetImage = 0, float scaleImage = 1, bool outputAsFloatArray = true) =>
        new(new(InputOutputColumnPair.Of(outputColumnName, inputColumnName),
            new(colorsToExtract, orderOfExtraction, interleavePixelColors, offsetImage, scaleImage), outputAsFloatArray));

    public static ImageResizingEstimator ResizeImages(
        this TransformsCatalog catalog, string outputColumnName, int imageWidth, int imageHeight, string inputColumnName = null,
        ImageResizingEstimator.ResizingKind resizing = ImageResizingEstimator.ResizingKind.IsoCrop,
        ImageResizingEstimator.Anchor cropAnchor = ImageResizingEstimator.Anchor.Center) =>
        new(new(InputOutputColumnPair.Of(outputColumnName, inputColumnName), imageWidth, imageHeight, resizing, cropAnchor));

    /// <exception cref="NotSupportedException">A default colour is given: what stands in for absent colours is always opaque black here.</exception>
    public static VectorToImageConvertingEstimator ConvertToImage(
        this TransformsCatalog catalog, int imageHeight, int imageWidth, string outputColumnName, string inputColumnName = null,
        ImagePixelExtractingEstimator.ColorBits colorsPresent = ImagePixelExtractingEstimator.ColorBits.Rgb,
        ImagePixelExtractingEstimator.ColorsOrder orderOfColors = ImagePixelExtractingEstimator.ColorsOrder.ARGB,
        bool interleavedColors = false, float scaleImage = 1, float offsetImage = 0,
        int defaultAlpha = 255, int defaultRed = 0, int defaultGreen = 0, int defaultBlue = 0)
    {
        if (defaultAlpha != 255 || defaultRed != 0 || defaultGreen != 0 || defaultBlue != 0)
            throw new NotSupportedException($"{nameof(ImageEstimatorsCatalog)}.{nameof(ConvertToImage)} with default colours.");
        return new(new(InputOutputColumnPair.Of(outputColumnName, inputColumnName), imageHeight, imageWidth,
            new(colorsPresent, orderOfColors, interleavedColors, offsetImage, scaleImage)));
    }
}
