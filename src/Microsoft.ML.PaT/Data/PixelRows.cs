using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// The pixels of images of one shape, by index, in memory or on disk. Reading is thread-safe. Several sets of images
/// can own them; the last set to be disposed frees them.
/// </summary>
internal abstract class PixelRows : IDisposable
{
    private int _owners = 1;

    /// <summary>Shape of one image.</summary>
    public abstract ImageShape Shape { get; }

    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>Whether a separate thread should read them.</summary>
    public abstract bool AreOnDisk { get; }

    /// <summary>Copies some images.</summary>
    /// <param name="rows">Indices of the images, int64 [n] on the CPU.</param>
    /// <returns>A new tensor, uint8 [n,C,H,W] on the CPU, in the caller's scope.</returns>
    /// <exception cref="InvalidFileException">The file with the pixels was changed.</exception>
    public abstract Tensor Read(Tensor rows);

    /// <summary>Copies some images to the beginning of a batch.</summary>
    /// <param name="rows">Indices of the images, int64 [n] on the CPU.</param>
    /// <param name="batch">uint8 on the CPU, [m,C,H,W] with m at least n.</param>
    /// <exception cref="InvalidFileException">The file with the pixels was changed.</exception>
    public abstract void Read(Tensor rows, Tensor batch);

    /// <summary>Copies consecutive images, or returns a view of them.</summary>
    /// <param name="start">Index of the first image.</param>
    /// <param name="count">Number of images.</param>
    /// <returns>uint8 [count,C,H,W] on the CPU, in the caller's scope; do not write to it.</returns>
    /// <exception cref="InvalidFileException">The file with the pixels was changed.</exception>
    public abstract Tensor Read(long start, long count);

    /// <summary>Adds an owner, which must call <see cref="Dispose"/> too.</summary>
    public PixelRows Share()
    {
        Interlocked.Increment(ref _owners);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _owners) == 0) Free();
    }

    private protected abstract void Free();
}
