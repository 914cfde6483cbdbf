namespace Microsoft.ML.PaT.Modeling.Layers;

/// <summary>Division of a rolled image into windows.</summary>
internal sealed class PixelWindows
{
    private readonly int[] _regions;
    private readonly int _tokens;

    /// <param name="grid">Whether the pixels of a window are spaced over the image.</param>
    public PixelWindows(ImageShape image, int height, int width, int shiftHeight, int shiftWidth, bool grid)
    {
        var (down, across) = (image.Height / height, image.Width / width);
        Count = down * across;
        _tokens = height * width;
        (Sites, Places, _regions) = (new long[Count * _tokens], new long[Count * _tokens], new int[Count * _tokens]);
        for (var i = 0; i < Sites.Length; i++)
        {
            var (window, token) = (i / _tokens, i % _tokens);
            var row = grid ? token / width * down + window / across : window / across * height + token / width;
            var column = grid ? token % width * across + window % across : window % across * width + token % width;
            Sites[i] = (row + shiftHeight) % image.Height * image.Width + (column + shiftWidth) % image.Width;
            Places[Sites[i]] = i;
            // In the last row of windows, rows rolled from the top are next to other rows; likewise for columns.
            _regions[i] =
                2 * (row + shiftHeight >= image.Height ? 1 : 0) + (column + shiftWidth >= image.Width ? 1 : 0);
        }
        IsMasked = Enumerable.Range(0, Count)
            .Any(w => _regions.AsSpan(w * _tokens, _tokens).ContainsAnyExcept(_regions[w * _tokens]));
    }

    /// <summary>Number of windows.</summary>
    public int Count { get; }

    /// <summary>Pixel of each token of each window, h W + w.</summary>
    public long[] Sites { get; }

    /// <summary>Position of each pixel among the tokens of all windows.</summary>
    public long[] Places { get; }

    /// <summary>Whether some windows contain pixels that were not adjacent before rolling.</summary>
    public bool IsMasked { get; }

    /// <summary>
    /// Added to the scores: [windows,tokens,tokens], 0 for pairs in the same region of the image; null if all pairs
    /// are.
    /// </summary>
    public float[]? Mask(float value)
    {
        if (!IsMasked) return null;
        var mask = new float[(long)Count * _tokens * _tokens];
        for (var i = 0; i < mask.Length; i++)
        {
            var window = i / (_tokens * _tokens) * _tokens;
            if (_regions[window + i / _tokens % _tokens] != _regions[window + i % _tokens]) mask[i] = value;
        }
        return mask;
    }

    /// <summary>Row of the position bias for each pair of tokens of a window.</summary>
    public static long[] Pairs(int height, int width)
    {
        var tokens = height * width;
        return [.. Enumerable.Range(0, tokens * tokens).Select(i => Row(i / tokens, i % tokens))];

        long Row(int query, int key) =>
            (query / width - key / width + height - 1L) * (2 * width - 1) + query % width - key % width + width - 1;
    }
}
