using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Moves the pixels of images, float [N,C,H,W], with nearest-neighbor interpolation. Pixels from outside the image are
/// black. Amounts are [N,1,1,1]. Results are new tensors in the caller's dispose scope.
/// </summary>
internal static class ImageWarp
{
    /// <summary>
    /// Shears: shifts rows in proportion to their distance from the middle row, and columns likewise.
    /// </summary>
    /// <param name="x">Columns to the right per row below the middle.</param>
    /// <param name="y">Rows down per column to the right of the middle.</param>
    public static Tensor Shear(Tensor images, Tensor x, Tensor y) =>
        Sample(images, (right, down) => (right.Plus(x.mul(down), -1), down.Plus(y.mul(right), -1)));

    /// <summary>Shifts by pixels.</summary>
    /// <param name="y">Down.</param>
    public static Tensor Translate(Tensor images, Tensor x, Tensor y) =>
        Sample(images, (right, down) => (right.Plus(x, -1), down.Plus(y, -1)));

    /// <summary>Rotates about the middle, clockwise.</summary>
    /// <param name="angle">In radians.</param>
    public static Tensor Rotate(Tensor images, Tensor angle)
    {
        using var scope = NewDisposeScope();
        var (cosine, sine) = (angle.cos(), angle.sin());
        return Sample(
            images,
            (right, down) => (
                cosine.mul(right).Plus(sine.mul(down)), cosine.mul(down).Plus(sine.mul(right), -1)))
            .MoveToOuterDisposeScope();
    }

    /// <param name="source">Source of each pixel, in pixels to the right of and below the middle.</param>
    private static Tensor Sample(Tensor images, Func<Tensor, Tensor, (Tensor Right, Tensor Down)> source)
    {
        using var scope = NewDisposeScope();
        var (n, height, width) = (images.shape[0], images.shape[2], images.shape[3]);
        var (right, down) = source(Middle(width).view(1, 1, 1, -1), Middle(height).view(1, 1, -1, 1));
        // The edges of the image are at -1 and 1.
        var grid = stack(
            [
                right.Times(2.0 / width).expand(n, 1, height, width).squeeze(1),
                down.Times(2.0 / height).expand(n, 1, height, width).squeeze(1),
            ],
            3);
        return nn.functional.grid_sample(images, grid, GridSampleMode.Nearest, GridSamplePaddingMode.Zeros, false)
            .MoveToOuterDisposeScope();

        Tensor Middle(long count) => TensorMath.Range(count, float32, images.device).Plus(0.5 - count / 2.0);
    }
}
