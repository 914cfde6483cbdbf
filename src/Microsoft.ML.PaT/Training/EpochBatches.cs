using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Modeling.OnnxImport;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Deals the training images out in an order drawn anew for each epoch, in batches of almost one size, so that no small last batch
/// upsets the batch-norms. On a CPU a batch is a multiple of the threads: they share it evenly, and oneDNN corrupts memory in the weight
/// gradient of narrow channels-last convolutions when they cannot (docs/decisions/even-batches.md). Images on the disk are read ahead.
/// </summary>
/// <param name="images">The training images; not disposed.</param>
/// <param name="batchSize">The most images of a batch.</param>
/// <param name="device">Where the network trains.</param>
/// <param name="generator">The run's one source of randomness; not owned.</param>
/// <param name="ranks">The ranks that share each batch: all draw the same order, and each takes a slice of each batch; null for this process alone.</param>
/// <param name="withOneBefore">Whether a rank also takes the image before its slice, for mixing.</param>
internal sealed class EpochBatches(ImageDataset images, int batchSize, Device device, Generator generator, Communicator? ranks = null, bool withOneBefore = false) : IDisposable
{
    private readonly Communicator _ranks = ranks ?? SingleProcess.Instance;
    private readonly int _unit = device.type == TorchSharp.DeviceType.CPU ? get_num_threads() : 1;
    private Tensor? _order, _beforeOrder;
    private int _orderOfEpoch = -1;
    private BatchPrefetcher? _ahead;
    private int _aheadFrom;

    /// <summary>Batches an epoch.</summary>
    public int Count { get; } = (int)Math.Ceiling(images.Count / (double)batchSize);

    /// <summary>How many images of an epoch come before a batch.</summary>
    public long Start(long batch) => batch * (images.Count / _unit) / Count * _unit;

    /// <summary>How many images a batch has.</summary>
    public long Size(int batch) => Start(batch + 1) - Start(batch);

    /// <summary>The slice of a batch that is this rank's.</summary>
    public BatchSlice Slice(int batch) => BatchSlice.Of(Size(batch), _unit, _ranks.Rank, _ranks.Size) with { IncludesPredecessor = withOneBefore };

    /// <summary>Checks that every rank has a slice of every batch.</summary>
    /// <exception cref="InvalidOptionsException">There are more threads than images.</exception>
    public void RequireImagesForAll()
    {
        if (_ranks.Size > 1 && Enumerable.Range(0, Count).Min(Size) is var least && least / _unit < _ranks.Size)
            throw new InvalidOptionsException(ErrorCodes.BatchTooSmall, $"A batch of {least} images cannot be shared among {_ranks.Size} ranks of {_unit} threads: each thread needs an image. Raise Training.BatchSize, or use fewer ranks or Threads.");
    }

    /// <summary>This rank's slice of a batch in micro-batches of almost one size, none of them empty; as many on every rank.</summary>
    /// <param name="batch">Which batch, from 0.</param>
    /// <param name="parts">How many parts; fewer when the batch does not have as many units.</param>
    /// <returns>Where each begins within the slice, and how many images it has.</returns>
    public IEnumerable<(long Start, long Count)> Parts(int batch, int parts)
    {
        var units = Slice(batch).Count / _unit;
        parts = (int)Math.Min(parts, Size(batch) / _unit / _ranks.Size);
        return Enumerable.Range(0, parts).Select(p => (Begin(p), Begin(p + 1) - Begin(p)));

        long Begin(int part) => units * part / parts * _unit;
    }

    /// <summary>This rank's slice of a batch of an epoch. The first one that is asked for draws the epoch's order.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batch">Which of its batches, from 0.</param>
    /// <returns>uint8 [n,C,H,W] on the CPU, valid until the next call, and the numbers of its images, int64 [n]; in the caller's scope.</returns>
    /// <exception cref="InvalidFileException">The file that images are in was changed.</exception>
    public (Tensor Pixels, Tensor Rows) Take(int epoch, int batch)
    {
        Draw(epoch);
        var rows = RowsOf(batch);
        if (!images.IsOnDisk) return (images.Read(rows), rows);
        if (_ahead is null || _aheadFrom + _ahead.Next != batch)
        {
            _ahead?.Dispose();
            var rest = Enumerable.Range(batch, Count - batch).Select(RowsOf).ToList();
            var starts = new long[rest.Count + 1];
            for (var i = 0; i < rest.Count; i++) starts[i + 1] = starts[i] + rest[i].shape[0];
            _ahead = new(images, cat(rest, 0), starts);
            _aheadFrom = batch;
        }
        return (_ahead.Take(), rows);
    }

    /// <summary>The state of all that is random within an epoch: the generator now, and before it drew the epoch's order. In the caller's scope.</summary>
    public Dictionary<string, Tensor> State(int epoch)
    {
        var state = new Dictionary<string, Tensor> { ["generator"] = generator.get_state() };
        if (_orderOfEpoch == epoch) state["order"] = _beforeOrder!;
        return state;
    }

    /// <summary>Goes on from what <see cref="State"/> gave, within the same epoch.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, int epoch)
    {
        if (state.TryGetValue("order", out var before))
        {
            generator.set_state(before);
            Draw(epoch);
        }
        generator.set_state(state["generator"]);
    }

    public void Dispose()
    {
        _ahead?.Dispose();
        _ahead = null;
        _order?.Dispose();
        _beforeOrder?.Dispose();
    }

    private Tensor RowsOf(int batch) => Slice(batch).Of(_order!.narrow(0, Start(batch), Size(batch)), 0);

    private void Draw(int epoch)
    {
        if (_orderOfEpoch == epoch) return;
        Dispose();
        _beforeOrder = generator.get_state().DetachFromDisposeScope();
        _order = randperm(images.Count, dtype: ScalarType.Int64, generator: generator).DetachFromDisposeScope();
        _orderOfEpoch = epoch;
    }
}
