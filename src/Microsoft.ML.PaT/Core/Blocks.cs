using System.Runtime.ExceptionServices;

namespace Microsoft.ML.PaT.Core;

/// <summary>Processes blocks of images in parallel on all cores.</summary>
internal static class Blocks
{
    /// <summary>Rethrows the first exception of the work as it is.</summary>
    /// <param name="count">Number of images.</param>
    /// <param name="size">Images per block; the last block may have fewer.</param>
    /// <param name="work">Receives the index of a block's first image and the number of its images, on any
    /// thread.</param>
    public static void ForEach(int count, int size, CancellationToken cancellation, Action<int, int> work)
    {
        try
        {
            Parallel.For(
                0,
                (count + size - 1) / size,
                new ParallelOptions { CancellationToken = cancellation },
                block => work(block * size, Math.Min(size, count - block * size)));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
