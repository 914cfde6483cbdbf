using Microsoft.ML.PaT.Core;

namespace Microsoft.ML.PaT.Modeling.Layers;

/// <summary>Where the pixels of an image lie once it is rolled and cut into windows.</summary>
internal sealed class PixelWindows
{
    private readonly int[] _regions;
    private readonly int _tokens;

    /// <summary>IterativeSteps.</summary>
    /// <param name="image">The image.</param>
    /// <param name="height">Rows of a window.</param>
    /// <param name="width">Columns of a window.</param>
    /// <param name="shiftHeight">Rows by which it is rolled up before.</param>
    /// <param name="shiftWidth">Columns by which it is rolled to the left before.</param>
    /// <param name="grid">Whether the pixels of a window lie apart.</param>
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
            // Rows that came from above lie together with others in the last row of windows, and so with columns.
            _regions[i] = 2 * (row + shiftHeight >= image.Height ? 1 : 0) + (column + shiftWidth >= image.Width ? 1 : 0);
        }
        IsMasked = Enumerable.Range(0, Count).Any(w => _regions.AsSpan(w * _tokens, _tokens).ContainsAnyExcept(_regions[w * _tokens]));
    }

    /// <summary>Windows.</summary>
    public int Count { get; }

    /// <summary>For each token of each window, its pixel, h W + w.</summary>
    public long[] Sites { get; }

    /// <summary>For each pixel, its place among the tokens of all windows.</summary>
    public long[] Places { get; }

    /// <summary>Whether some windows hold pixels that were not neighbors.</summary>
    public bool IsMasked { get; }

    /// <summary>What is added to the scores: [windows,tokens,tokens], 0 for pairs that were neighbors; null where all were.</summary>
    /// <param name="value">For the others.</param>
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

    /// <summary>For each pair of tokens of a window, the row of the position bias.</summary>
    public static long[] Pairs(int height, int width)
    {
        var tokens = height * width;
        return [.. Enumerable.Range(0, tokens * tokens).Select(i => Row(i / tokens, i % tokens))];

        long Row(int query, int key) =>
            (query / width - key / width + height - 1L) * (2 * width - 1) + query % width - key % width + width - 1;
    }
}
