using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Random resized crop with bilinear interpolation: <see cref="ImageOptions.RandomResizedCropMinScale"/>.
/// </summary>
internal static class RandomResizedCrop
{
    private static readonly double s_proportions = Math.Log(4.0 / 3);

    /// <summary>Crops a batch.</summary>
    /// <param name="images">float [N,C,H,W].</param>
    /// <param name="leastArea">Minimum area of a crop, a fraction.</param>
    /// <param name="flip">Whether half of the images are flipped at random.</param>
    /// <param name="generator">Random number generator.</param>
    /// <param name="slice">Slice of the batch; null for the whole batch.</param>
    /// <returns>A new tensor, float [N,C,H,W], in the caller's dispose scope.</returns>
    public static Tensor Of(Tensor images, double leastArea, bool flip, Generator generator, BatchSlice? slice = null)
    {
        using var scope = NewDisposeScope();
        var (n, height, width, device) = (images.shape[0], images.shape[2], images.shape[3], images.device);
        BatchSlice of = slice ?? n;
        var draws = of.Of(RandomDraws.Uniform(generator, device, 5, of.Total, 1, 1), 1);
        var area = draws[0].Times(1 - leastArea).Plus(leastArea);
        var stretch = draws[1].Times(2).Plus(-1).Times(s_proportions).exp();
        // Fractions of the sides. Height times width is the area, and a side is at most that of the image.
        var high = (area / stretch).sqrt().clamp_(Scalars.Zero, Scalars.One);
        var wide = (area * stretch).sqrt().clamp_(Scalars.Zero, Scalars.One);
        var rows = Centers(height).view(1, -1, 1);
        var columns = Centers(width).view(1, 1, -1);
        if (flip)
        {
            var mirrored = draws[4].ge(Scalars.Half).to(float32);
            columns = columns.Plus(mirrored.mul(columns.Times(2).Complement()));
        }

        // Coordinates for grid_sample: the edges of the image are at -1 and 1.
        var y = Places(draws[2], rows, high);
        var x = Places(draws[3], columns, wide);
        var grid = stack([x.expand(n, height, width), y.expand(n, height, width)], 3);
        return nn.functional.grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, false)
            .MoveToOuterDisposeScope();

        // Pixel centers as fractions of the side.
        Tensor Centers(long count) => TensorMath.Range(count, float32, device).Plus(0.5).Over(count);

        static Tensor Places(Tensor draw, Tensor centers, Tensor extent) =>
            draw.mul(extent.Complement()).Plus(centers.mul(extent)).Times(2).Plus(-1);
    }
}
