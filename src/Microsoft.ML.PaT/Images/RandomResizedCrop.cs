using static TorchSharp.torch;

namespace Microsoft.ML.PaT;

/// <summary>Shows a random part of each picture, enlarged to the whole size, bilinearly: <see cref="ImageOptions.ResizedCrop"/>.</summary>
internal static class RandomResizedCrop
{
    private static readonly double s_proportions = Math.Log(4.0 / 3);

    /// <summary>Crops a batch.</summary>
    /// <param name="pictures">float [N,C,H,W].</param>
    /// <param name="leastArea">The least share of the area that is shown.</param>
    /// <param name="flip">Whether half of the pictures are mirrored, by chance.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <param name="share">Which pictures of a batch these are; null for all.</param>
    /// <returns>A new tensor, float [N,C,H,W], in the caller's scope.</returns>
    public static Tensor Of(Tensor pictures, double leastArea, bool flip, Generator generator, BatchShare? share = null)
    {
        using var scope = NewDisposeScope();
        var (n, height, width, device) = (pictures.shape[0], pictures.shape[2], pictures.shape[3], pictures.device);
        BatchShare of = share ?? n;
        var draws = of.Of(RandomDraws.Uniform(generator, device, 5, of.Total, 1, 1), 1);
        var area = leastArea + draws[0] * (1 - leastArea);
        var stretch = ((2 * draws[1] - 1) * s_proportions).exp();
        // Shares of the sides: height times width is the area. Where a side would be longer than the picture's, it is the picture's.
        var high = (area / stretch).sqrt().clamp_(0, 1);
        var wide = (area * stretch).sqrt().clamp_(0, 1);
        var rows = Centres(height).view(1, -1, 1);
        var columns = Centres(width).view(1, 1, -1);
        if (flip)
        {
            var mirrored = draws[4].ge(0.5).to(float32);
            columns = columns + mirrored * (1 - 2 * columns);
        }

        // Places as grid_sample wants them: the picture's edges are at -1 and 1.
        var y = 2 * (draws[2] * (1 - high) + rows * high) - 1;
        var x = 2 * (draws[3] * (1 - wide) + columns * wide) - 1;
        var grid = stack([x.expand(n, height, width), y.expand(n, height, width)], 3);
        return nn.functional.grid_sample(pictures, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, false).MoveToOuterDisposeScope();

        // Of pixels, as shares of the side.
        Tensor Centres(long count) => (arange(count, dtype: float32, device: device) + 0.5) / count;
    }
}
