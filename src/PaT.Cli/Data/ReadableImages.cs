using System.Globalization;

namespace PaT.Cli;

/// <summary>Removes unreadable images before scoring; training skips them itself.</summary>
internal static class ReadableImages
{
    private const int Named = 5;

    /// <summary>Returns the images that can be decoded. The others are counted and named.</summary>
    /// <param name="set">The set of the images; raw pixels are always readable.</param>
    /// <param name="allowed">The fraction that may be unreadable, 0 to 1.</param>
    /// <param name="say">Receives one line if there are unreadable images.</param>
    /// <exception cref="InvalidImageDataException">More are unreadable than allowed.</exception>
    public static IReadOnlyList<Image> Of(
        LabeledImages set, IReadOnlyList<Image> images, double allowed, Action<string> say,
        CancellationToken cancellation)
    {
        if (!set.Encoded) return images;
        var readable = new bool[images.Count];
        var parallel = new ParallelOptions { CancellationToken = cancellation };
        Parallel.For(0, images.Count, parallel, i => readable[i] = IsReadable(images[i]));
        var bad = images.Where((_, i) => !readable[i]).Select(p => p.Name).ToList();
        if (bad.Count == 0) return images;
        var names = string.Join(", ", bad.Take(Named)) + (bad.Count > Named ? ", ..." : "");
        if (bad.Count > allowed * images.Count)
        {
            var percent = allowed.ToString("P1", CultureInfo.InvariantCulture);
            throw new InvalidImageDataException(
                ErrorCodes.TooManyUnreadable,
                $"{bad.Count} of {images.Count} test images in {set.Origin} cannot be read, more than the {percent} "
                + $"allowed: {names}; repair or remove them (train can allow more: --allow-unreadable)");
        }

        say($"left out {bad.Count} unreadable test images: {names}");
        return [.. images.Where((_, i) => readable[i])];
    }

    private static bool IsReadable(Image image)
    {
        try
        {
            ImageDecoder.Decode(image.Read(), new ImageShape(3, 1, 1));
            return true;
        }
        catch (Exception e) when (e is InvalidImageDataException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
