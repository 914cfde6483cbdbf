using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>Pixels in one tensor, owned by this object.</summary>
internal sealed class PixelsInMemory : PixelRows
{
    private readonly Tensor _pixels;

    /// <param name="pixels">uint8 [N,C,H,W] on the CPU; owned by this object.</param>
    public PixelsInMemory(Tensor pixels)
    {
        _pixels = pixels.DetachFromDisposeScope();
        Shape = new((int)pixels.shape[1], (int)pixels.shape[2], (int)pixels.shape[3]);
        Count = checked((int)pixels.shape[0]);
    }

    public override ImageShape Shape { get; }

    public override int Count { get; }

    public override bool AreOnDisk => false;

    public override Tensor Read(Tensor rows) => _pixels.index_select(0, rows);

    public override void Read(Tensor rows, Tensor batch)
    {
        using var images = Read(rows);
        using var beginning = batch.narrow(0, 0, rows.shape[0]);
        beginning.copy_(images);
    }

    public override Tensor Read(long start, long count) => _pixels.narrow(0, start, count);

    private protected override void Free() => _pixels.Dispose();
}
