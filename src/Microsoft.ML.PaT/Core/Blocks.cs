using System.Runtime.ExceptionServices;

namespace Microsoft.ML.PaT.Core;

/// <summary>Work on blocks of images, on all cores.</summary>
internal static class Blocks
{
    /// <summary>Calls something for every block; what it throws comes out as it is.</summary>
    /// <param name="count">Images in all.</param>
    /// <param name="size">Images of a block; the last one may have fewer.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <param name="work">Receives the first image of a block and how many it has, on any thread.</param>
    public static void ForEach(int count, int size, CancellationToken cancellation, Action<int, int> work)
    {
        try
        {
            Parallel.For(0, (count + size - 1) / size, new ParallelOptions { CancellationToken = cancellation }, block => work(block * size, Math.Min(size, count - block * size)));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
