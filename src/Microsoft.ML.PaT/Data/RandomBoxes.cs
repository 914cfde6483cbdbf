using Microsoft.ML.PaT.Core;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>Rectangles at random places of images. Owns its constants.</summary>
internal sealed class RandomBoxes : IDisposable
{
    private readonly ImageShape _shape;
    private readonly Device _device;
    private readonly Tensor _rows, _columns;

    /// <summary>Prepares the constants.</summary>
    /// <param name="shape">Shape of an image.</param>
    /// <param name="device">Where batches are.</param>
    public RandomBoxes(ImageShape shape, Device device)
    {
        (_shape, _device) = (shape, device);
        using var scope = NewDisposeScope();
        _rows = TensorMath.Range(shape.Height, int64, device).view(1, 1, -1, 1).DetachFromDisposeScope();
        _columns = TensorMath.Range(shape.Width, int64, device).view(1, 1, 1, -1).DetachFromDisposeScope();
    }

    /// <summary>Draws a rectangle for each image around a pixel that is drawn evenly; what lies outside of the image is cut off.</summary>
    /// <param name="of">The images, n.</param>
    /// <param name="height">Rows, int64 [n,1,1,1] or [1].</param>
    /// <param name="width">Columns, likewise.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <returns>Which pixels lie inside, bool [n,1,H,W], in the caller's scope.</returns>
    public Tensor Draw(BatchSlice of, Tensor height, Tensor width, Generator generator)
    {
        using var scope = NewDisposeScope();
        return (Within(_rows, _shape.Height, height) & Within(_columns, _shape.Width, width)).MoveToOuterDisposeScope();

        Tensor Within(Tensor places, int extent, Tensor length)
        {
            var first = of.Of(RandomDraws.Whole(generator, _device, extent, of.Total, 1, 1, 1), 0) - length.floor_divide(Scalars.Two);
            return places.ge(first) & places.lt(first.Plus(length));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
    }
}
