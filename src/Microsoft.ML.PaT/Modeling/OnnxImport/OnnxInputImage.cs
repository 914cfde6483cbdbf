using Microsoft.ML.PaT.Onnx;

namespace Microsoft.ML.PaT.Modeling.OnnxImport;

/// <summary>The image input of an ONNX model.</summary>
/// <param name="Image">Shape of an image, [C,H,W].</param>
/// <param name="Images">Batch size; 1 if the file leaves it open.</param>
/// <param name="ChannelsLast">Whether the input is [N,H,W,C].</param>
/// <param name="IsBytes">Whether pixels are integers, 0 to 255.</param>
/// <param name="Type">Type of the pixels.</param>
internal sealed record OnnxInputImage(
    string Name, ImageShape Image, int Images, bool ChannelsLast, bool IsBytes, OnnxElementType Type)
{
    private const long MostValues = 1 << 25;

    /// <param name="given">Shape of the images; null to use the file's.</param>
    /// <exception cref="InvalidFileException">The model has no image input, or its size is open and none is
    /// given.</exception>
    public static OnnxInputImage Of(OnnxModel model, ImageShape? given)
    {
        var inputs = model.Inputs.Where(i => !model.Constants.ContainsKey(i.Name)).ToList();
        if (inputs is not [{ Shape: { Count: 4 } shape } input])
        {
            var found = string.Join(
                ", ",
                inputs.Select(i =>
                    $"{i.Name} [{string.Join(',', i.Shape?.Select(s => s?.ToString() ?? "?") ?? ["?"])}]"));
            throw new InvalidFileException(
                ErrorCodes.OnnxModelUnsupported,
                "The ONNX model was expected to have one input of four dimensions, images, and has "
                    + $"{(found.Length == 0 ? "none" : found)}.");
        }
        if (!input.IsWhole && !input.IsFloat)
        {
            throw new InvalidFileException(
                ErrorCodes.OnnxModelUnsupported,
                $"The input '{input.Name}' of the ONNX model has elements of type {input.ElementType}; pixels were "
                    + "expected to be floats or integers.");
        }
        var extents = shape.Select(s => s is > 0 ? s : null).ToArray();
        // The color dimension has size 1, 3 or 4.
        var channelsLast = extents[1] is not (1 or 3 or 4) && extents[3] is 1 or 3 or 4;
        var (channels, height, width) =
            channelsLast ? (extents[3], extents[1], extents[2]) : (extents[1], extents[2], extents[3]);
        if (given is { } own && channels is { } colors && colors != own.Channels)
        {
            throw new InvalidFileException(
                ErrorCodes.OnnxModelUnsupported,
                $"The ONNX model takes images of {colors} channels, not of {own.Channels}.");
        }
        (channels, height, width) = (given?.Channels ?? channels, given?.Height ?? height, given?.Width ?? width);
        if (channels is null || height is null || width is null)
        {
            var size = string.Join(',', extents.Select(s => s?.ToString() ?? "?"));
            throw new InvalidFileException(
                ErrorCodes.OnnxModelUnsupported,
                $"The ONNX model leaves the size of its images open, '{input.Name}' [{size}]: give the shape of the "
                    + "images.");
        }
        var images = extents[0] ?? 1;
        if (channels > MostValues || height > MostValues || width > MostValues || images > MostValues
            || (double)channels * height * width * images > MostValues)
        {
            throw new InvalidFileException(
                ErrorCodes.OnnxModelUnsupported,
                $"The ONNX model takes images of {channels}x{height}x{width}, larger than any classifier's.");
        }
        return new(
            input.Name,
            new((int)channels, (int)height, (int)width),
            (int)images,
            channelsLast,
            input.IsWhole,
            (OnnxElementType)input.ElementType);
    }

    public ImportedView View(OnnxImport import)
    {
        var images = new ImportedView(import.Input(Image), [Images, Image.Channels, Image.Height, Image.Width]);
        if (!ChannelsLast) return images;
        using (images)
        {
            return images.Moved(x => x.permute(0, 2, 3, 1));
        }
    }
}
