using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.ML.PaT.Internal;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Reads the batches of an epoch from the disk on a separate thread. The order of images is given, and augmentation
/// runs on the training thread, so prefetching changes no result and checkpoints do not contain its state.
/// </summary>
/// <remarks>Owns its thread and its batch tensors, which are reused in turn.</remarks>
internal sealed class BatchPrefetcher : IDisposable
{
    /// <summary>Batches in memory: one in use, one ready, one being read.</summary>
    private const int Buffers = 3;

    private readonly BlockingCollection<Tensor> _free = [];
    private readonly BlockingCollection<(Tensor Batch, long Count)> _ready = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Tensor> _buffers = [];
    private readonly Task _reader;
    private ExceptionDispatchInfo? _error;
    private Tensor? _inUse;

    /// <param name="images">The images; must outlive this.</param>
    /// <param name="order">Numbers of images, int64 on the CPU; copied.</param>
    /// <param name="starts">Index in the order where each batch starts, and the end of the last one.</param>
    public BatchPrefetcher(ImageDataset images, Tensor order, long[] starts)
    {
        Next = 0;
        var largest = starts.Zip(starts.Skip(1), (from, to) => to - from).DefaultIfEmpty().Max();
        for (var i = 0; i < Buffers; i++)
        {
            _buffers.Add(
                empty(
                        [largest, images.Shape.Channels, images.Shape.Height, images.Shape.Width],
                        dtype: uint8,
                        device: CPU)
                    .DetachFromDisposeScope());
            _free.Add(_buffers[i]);
        }
        var rows = order.clone().DetachFromDisposeScope();
        _reader = Task.Factory.StartNew(
            () => ReadAll(images, rows, starts),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>Number of the next batch, from 0.</summary>
    public int Next { get; private set; }

    /// <summary>The next batch.</summary>
    /// <returns>uint8 [n,C,H,W] on the CPU, in the caller's scope. The next call but one overwrites it.</returns>
    /// <exception cref="InvalidFileException">The file with the images was changed.</exception>
    public Tensor Take()
    {
        if (_inUse is not null) _free.Add(_inUse);
        _inUse = null;
        if (!_ready.TryTake(out var batch, Timeout.Infinite))
        {
            _error?.Throw();
            throw new InvalidOperationException("All batches have been taken.");
        }
        _inUse = batch.Batch;
        Next++;
        return batch.Batch.narrow(0, 0, batch.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _reader.Wait(CancellationToken.None);
        foreach (var buffer in _buffers) buffer.Dispose();
        _free.Dispose();
        _ready.Dispose();
        _stop.Dispose();
    }

    private void ReadAll(ImageDataset images, Tensor rows, long[] starts)
    {
        try
        {
            for (var batch = 0; batch + 1 < starts.Length; batch++)
            {
                var buffer = _free.Take(_stop.Token);
                var count = starts[batch + 1] - starts[batch];
                using (ExitGate.Enter())
                using (var own = rows.narrow(0, starts[batch], count)) images.Read(own, buffer);
                _ready.Add((buffer, count));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: no caller waits for a batch.
        }
        catch (Exception e)
        {
            // The call that takes this batch rethrows it on the training thread.
            _error = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            rows.Dispose();
            _ready.CompleteAdding();
        }
    }
}
