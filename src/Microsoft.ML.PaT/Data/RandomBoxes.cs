using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>Draws rectangles at random positions of images. Owns its constants.</summary>
internal sealed class RandomBoxes : IDisposable
{
    private readonly ImageShape _shape;
    private readonly Device _device;
    private readonly Tensor _rows, _columns;

    /// <param name="device">Device of the batches.</param>
    public RandomBoxes(ImageShape shape, Device device)
    {
        (_shape, _device) = (shape, device);
        using var scope = NewDisposeScope();
        _rows = TensorMath.Range(shape.Height, int64, device).view(1, 1, -1, 1).DetachFromDisposeScope();
        _columns = TensorMath.Range(shape.Width, int64, device).view(1, 1, 1, -1).DetachFromDisposeScope();
    }

    /// <summary>
    /// Draws a rectangle per image around a uniformly drawn pixel; it is clipped at the edges of the image.
    /// </summary>
    /// <param name="height">Rows, int64 [n,1,1,1] or [1].</param>
    /// <param name="width">Columns, int64 [n,1,1,1] or [1].</param>
    /// <param name="generator">Random number generator.</param>
    /// <returns>Whether a pixel is inside, bool [n,1,H,W], in the caller's dispose scope.</returns>
    public Tensor Draw(BatchSlice of, Tensor height, Tensor width, Generator generator)
    {
        using var scope = NewDisposeScope();
        return (Within(_rows, _shape.Height, height) & Within(_columns, _shape.Width, width)).MoveToOuterDisposeScope();

        Tensor Within(Tensor places, int extent, Tensor length)
        {
            var first =
                of.Of(RandomDraws.Whole(generator, _device, extent, of.Total, 1, 1, 1), 0)
                - length.floor_divide(Scalars.Two);
            return places.ge(first) & places.lt(first.Plus(length));
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
    }
}
