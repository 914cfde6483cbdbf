namespace PaT.Cli;

/// <summary>Images that calibrate the value ranges of an 8-bit model.</summary>
internal static class CalibrationFolder
{
    // More images hardly change a range: docs/decisions/onnx.md.
    private const int Most = 256;

    /// <summary>Reads images, evenly spread over the folder in the order of their names.</summary>
    /// <param name="folder">A folder with images at any depth, or an archive for train.</param>
    /// <param name="resizing">Resizing of images with another aspect ratio, as in training.</param>
    /// <param name="say">Receives a line about images that cannot be read.</param>
    /// <returns>Planar RGB bytes, [n,3,H,W].</returns>
    /// <exception cref="InvalidImageDataException">There are no images.</exception>
    public static byte[] Read(
        string folder, ImageShape shape, ImageResizing resizing, Action<string> say, CancellationToken cancellation)
    {
        var files = List(folder, cancellation);
        var step = Math.Max(1, files.Count / (double)Most);
        var images = new List<byte>();
        var bad = new List<string>();
        for (var i = 0.0; (int)i < files.Count; i += step)
        {
            cancellation.ThrowIfCancellationRequested();
            var (name, read) = files[(int)i];
            try
            {
                images.AddRange(ImageDecoder.Decode(read(), shape, resizing));
            }
            catch (Exception e) when (e is InvalidImageDataException or IOException or UnauthorizedAccessException)
            {
                bad.Add(name);
            }
        }

        if (bad.Count > 0) say($"left out {bad.Count} unreadable images: {string.Join(", ", bad.Take(5))}");
        if (images.Count > 0) return [.. images];
        throw new InvalidImageDataException(
            ErrorCodes.ImageSourceInvalid,
            $"no images that can be read in {folder}: --calibration needs images in it or below it "
            + $"({string.Join(", ", ImageDecoder.Extensions)})");
    }

    private static List<(string Name, Func<byte[]> Read)> List(string folder, CancellationToken cancellation)
    {
        if (!Path.Exists(folder))
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageSourceMissing,
                $"no such folder or archive: {folder}; --calibration needs one with images");
        }

        var images = ImageFolder.Read(folder, cancellation);
        LabeledImage[] training = [.. images.Training, .. images.Unlabeled];
        return [.. (training.Length > 0 ? training : images.Test).Select(i => (i.Name, (Func<byte[]>)(() => i.Image)))];
    }
}
