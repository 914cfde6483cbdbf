namespace PaT.Cli;

/// <summary>Sorts out pictures that no decoder takes before they are scored: scoring has no row to leave out, training skips them by itself.</summary>
internal static class ReadablePictures
{
    private const int Named = 5;

    /// <summary>The pictures that can be decoded; the others are counted and named.</summary>
    /// <param name="set">The set they belong to; raw pixels are all readable.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="allowed">The share that may be unreadable, fraction 0 to 1.</param>
    /// <param name="say">Receives one line where there are any.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InvalidPicturesException">More are unreadable than allowed.</exception>
    public static IReadOnlyList<Picture> Of(PictureSet set, IReadOnlyList<Picture> pictures, double allowed, Action<string> say, CancellationToken cancellation)
    {
        if (!set.Encoded)
        {
            return pictures;
        }

        var readable = new bool[pictures.Count];
        Parallel.For(0, pictures.Count, new ParallelOptions { CancellationToken = cancellation }, i => readable[i] = IsReadable(pictures[i]));
        var bad = pictures.Where((_, i) => !readable[i]).Select(p => p.Name).ToList();
        if (bad.Count == 0)
        {
            return pictures;
        }

        var names = string.Join(", ", bad.Take(Named)) + (bad.Count > Named ? ", ..." : "");
        if (bad.Count > allowed * pictures.Count)
        {
            throw new InvalidPicturesException(FormattableString.Invariant($"{bad.Count} of {pictures.Count} test pictures in {set.Origin} cannot be read, more than the {allowed:P1} allowed: {names}; repair or remove them (train can allow more: --allow-unreadable)"));
        }

        say($"left out {bad.Count} unreadable test pictures: {names}");
        return [.. pictures.Where((_, i) => readable[i])];
    }

    private static bool IsReadable(Picture picture)
    {
        try
        {
            PictureDecoder.Decode(picture.Read(), new ImageShape(3, 1, 1));
            return true;
        }
        catch (Exception e) when (e is InvalidPicturesException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
