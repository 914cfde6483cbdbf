using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// Draws the batches of each epoch in random order. Batches have almost equal sizes, so that batch-norms get no small
/// last batch. Images on disk are read ahead.
/// </summary>
/// <param name="images">Training images; not owned.</param>
/// <param name="batchSize">Maximum number of images per batch.</param>
/// <param name="generator">The run's random number generator; not owned.</param>
/// <param name="ranks">Ranks that share each batch. All draw the same order, and each takes a slice of each batch. Null
/// for this process only.</param>
/// <param name="withOneBefore">Whether a slice includes the preceding image, for mixup.</param>
internal sealed class EpochBatches(
    ImageDataset images,
    int batchSize,
    Generator generator,
    Communicator? ranks = null,
    bool withOneBefore = false) : IDisposable
{
    private const int FewSteps = 5, EnoughSteps = 20, LeastAdvised = 8;

    private readonly Communicator _ranks = ranks ?? SingleProcess.Instance;
    private Tensor? _order, _beforeOrder;
    private int _orderOfEpoch = -1;
    private BatchPrefetcher? _ahead;
    private int _aheadFrom;

    /// <summary>Batches per epoch; see <see cref="CountOf"/>.</summary>
    public int Count { get; } = CountOf(images.Count, batchSize);

    /// <summary>A remark if batches are larger than they should be, or an epoch has few of them; null
    /// otherwise.</summary>
    public string? Remark
    {
        get
        {
            var largest = LargestOf(images.Count, Count);
            if (largest > batchSize)
            {
                return $"A batch of each epoch has {largest} images instead of {batchSize}, because {images.Count} is "
                    + "odd and a batch-norm needs two images.";
            }
            var smaller = Math.Max(LeastAdvised, images.Count / EnoughSteps);
            var steps = CountOf(images.Count, smaller);
            return Count >= FewSteps || steps <= Count || _ranks.Size > 1
                ? null
                : $"An epoch of {images.Count} images has only {Count} {(Count == 1 ? "step" : "steps")} with a batch "
                    + $"of {batchSize}, in which a network learns little. A batch of {smaller} (Training.BatchSize) "
                    + $"makes {steps} steps.";
        }
    }

    /// <summary>Number of images of an epoch before a batch.</summary>
    public long Start(long batch) => batch * images.Count / Count;

    /// <summary>Number of images in a batch.</summary>
    public long Size(int batch) => Start(batch + 1) - Start(batch);

    /// <summary>The slice of this rank.</summary>
    public BatchSlice Slice(int batch) =>
        BatchSlice.Of(Size(batch), _ranks.Rank, _ranks.Size) with { IncludesPredecessor = withOneBefore };

    /// <summary>Batches per epoch of a number of images; each has at least two if there are as many.</summary>
    public static int CountOf(int images, int batchSize) =>
        Math.Max(1, Math.Min((images + batchSize - 1) / batchSize, images / 2));

    /// <summary>Images of the largest of a number of batches.</summary>
    public static int LargestOf(int images, int count) => (images + count - 1) / count;

    /// <summary>Checks that every rank has a slice of every batch.</summary>
    /// <exception cref="InvalidOptionsException">There are more ranks than images in a batch.</exception>
    public void RequireImagesForAll()
    {
        if (_ranks.Size > 1 && Enumerable.Range(0, Count).Min(Size) is var least && least < _ranks.Size)
        {
            throw new InvalidOptionsException(
                ErrorCodes.BatchTooSmall,
                $"A batch of {least} images cannot be shared among {_ranks.Size} ranks: each needs an image. Raise "
                    + "Training.BatchSize, or use fewer ranks.");
        }
    }

    /// <summary>
    /// Splits this rank's slice of a batch into micro-batches of almost equal size. Their number is the same on all
    /// ranks.
    /// </summary>
    /// <param name="batch">Index of the batch.</param>
    /// <param name="parts">Number of micro-batches; there are fewer if the batch has fewer images.</param>
    /// <returns>Start within the slice, and number of images.</returns>
    public IEnumerable<(long Start, long Count)> Parts(int batch, int parts)
    {
        var count = Slice(batch).Count;
        parts = (int)Math.Min(parts, Size(batch) / _ranks.Size);
        return Enumerable.Range(0, parts).Select(p => (Begin(p), Begin(p + 1) - Begin(p)));

        long Begin(int part) => count * part / parts;
    }

    /// <summary>Returns this rank's slice of a batch. The first call of an epoch draws the order.</summary>
    /// <param name="epoch">Index of the epoch.</param>
    /// <param name="batch">Index of the batch.</param>
    /// <returns>uint8 [n,C,H,W] on the CPU, valid until the next call, and the image indices, int64 [n]; in the
    /// caller's dispose scope.</returns>
    /// <exception cref="InvalidFileException">The file with the images was changed.</exception>
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

    /// <summary>Indices of the images of a whole batch, of all ranks, in the epoch drawn last.</summary>
    /// <returns>int64 [n], a view in the caller's dispose scope.</returns>
    public Tensor WholeRowsOf(int batch) => _order!.narrow(0, Start(batch), Size(batch));

    /// <summary>
    /// State of the generator now, and before it drew the epoch's order. In the caller's dispose scope.
    /// </summary>
    public Dictionary<string, Tensor> State(int epoch)
    {
        var state = new Dictionary<string, Tensor> { ["generator"] = generator.get_state() };
        if (_orderOfEpoch == epoch) state["order"] = _beforeOrder!;
        return state;
    }

    /// <summary>Restores the result of <see cref="State"/> within the same epoch.</summary>
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

    private Tensor RowsOf(int batch) => Slice(batch).Of(WholeRowsOf(batch), 0);

    private void Draw(int epoch)
    {
        if (_orderOfEpoch == epoch) return;
        Dispose();
        _beforeOrder = generator.get_state().DetachFromDisposeScope();
        _order = randperm(images.Count, dtype: ScalarType.Int64, generator: generator).DetachFromDisposeScope();
        _orderOfEpoch = epoch;
    }
}
