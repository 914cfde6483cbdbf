using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Reads the images and labels of a data view once, in the order of rows. Decodes them on all cores, into memory, or
/// into a file if they exceed the memory budget.
/// </summary>
internal sealed class DataViewImageLoader
{
    private const int MostSlots = 256;
    private const int BlockBytes = 32 << 20;
    private readonly ImageDataOptions _options;
    private readonly ImageShape _shape;
    private readonly LabelValues _labels;
    private readonly IRunObserver _observer;
    private long _memoryLeft;

    /// <param name="options">Names of the columns, and the allowed fraction of unreadable images.</param>
    /// <param name="observer">Receives messages about images kept on disk.</param>
    /// <param name="processes">Number of processes on this machine that read the same images. They share one file, and
    /// the memory budget of one process.</param>
    public DataViewImageLoader(
        ImageDataOptions options, ImageShape shape, LabelValues labels, IRunObserver observer, int processes = 1)
    {
        _options = options;
        _shape = shape;
        _labels = labels;
        _observer = observer;
        _memoryLeft = options.MemoryBudget ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / processes;
    }

    /// <summary>Checks the columns of a data view without reading rows.</summary>
    /// <exception cref="InvalidImageDataException">A column is missing, or has an unsupported type.</exception>
    public void RequireColumns(IDataView data, string what)
    {
        try
        {
            _ = LabelValues.Of(Columns.Find(data.Schema, _options.LabelColumn, "label"));
            _ = FormatOf(Columns.Find(data.Schema, _options.ImageColumn, "image"));
        }
        catch (InvalidImageDataException e)
        {
            throw new InvalidImageDataException(
                e.Code,
                $"In the {what} data: {e.Message} It needs the columns that the estimator gets; steps of a pipeline "
                    + "before the estimator do not transform it.",
                e);
        }
    }

    /// <summary>Reads all images of a data view, or opens the file that an earlier run has written.</summary>
    /// <param name="what">Name of the data in messages: <c>training</c> or <c>validation</c>.</param>
    /// <param name="weighted">Whether the column with weights is read too, if the options name one.</param>
    /// <exception cref="InvalidImageDataException">A column is missing, or has an unsupported type; there are no
    /// images, a label is missing or unknown, a weight is negative or not finite, or too many images are
    /// unreadable.</exception>
    /// <exception cref="InvalidFileException">The images exceed the memory budget and cannot be written to the
    /// disk.</exception>
    public ImageDataset Read(IDataView data, string what, bool weighted = false)
    {
        var weight = weighted ? WeightReader.Find(data.Schema, _options.WeightColumn) : null;
        var source = new ImageColumns(
            data,
            Columns.Find(data.Schema, _options.ImageColumn, "image"),
            Columns.Find(data.Schema, _options.LabelColumn, "label"),
            weight,
            RowNames.Columns(data.Schema));
        var format = FormatOf(source.Image);
        var classes = _labels.ClassesOf(source.Label);
        var most = source.Count();
        if (most * _shape.Size <= _memoryLeft)
        {
            using var images = new ImageDatasetBuilder(_shape);
            var read = Fill(source, format, classes, what, images);
            _memoryLeft -= (long)images.Count * _shape.Size;
            var inMemory = images.Build(_labels.Names);
            inMemory.Skipped = read;
            return inMemory;
        }

        var fingerprint = source.Fingerprint(format, _shape, _labels.Names, classes.ClassOf, most);
        if (_options.CacheFolder is null && UserCache.Remark is { } remark) _observer.OnEvent(new RunMessage(remark));
        var cache = new ImageCache(_options.CacheFolder ?? Path.Combine(UserCache.Folder, "images"), _observer);
        var (store, known) = cache.Get(
            fingerprint,
            _shape,
            _labels.Names,
            most,
            sink => Fill(source, format, classes, what, sink),
            _options.Cancellation);
        try
        {
            // An earlier run may have allowed more unreadable images than this one.
            new RowProblems(what, _options, known).RequireReadable(store.Count);
            store.Skipped = known;
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Number of images that are decoded at a time: about one block, and one for each processor where that is possible.
    /// </summary>
    /// <param name="size">Bytes of an image, at least 1.</param>
    internal static int Slots(int size, int processors)
    {
        var slots = Math.Clamp(BlockBytes / size, Math.Min(processors, MostSlots), MostSlots);
        return Math.Min(slots, Math.Max(1, Array.MaxLength / size));
    }

    private ImageColumnFormat FormatOf(DataViewSchema.Column image) =>
        ImageColumnFormat.Of(image, _shape, _options.InterleavePixelColors, _options.Images.Resizing);

    private ImageCacheIndex Fill(
        ImageColumns source,
        ImageColumnFormat format,
        (Func<int, int> ClassOf, Func<int, string> TextOf) classes,
        string what,
        ImageSink images)
    {
        var slots = Slots(_shape.Size, Environment.ProcessorCount);
        var problems = new RowProblems(what, _options);
        var rows = 0L;
        using (var cursor = source.Rows())
        {
            var nameOf = RowNames.Reader(cursor, source.Name);
            ImageBlock[] blocks =
                [new(source, cursor, format, _shape, slots), new(source, cursor, format, _shape, slots)];
            var decoding = Task.CompletedTask;
            try
            {
                // While one block is decoded, the next one is read and the previous one is stored.
                for (var (number, more) = (0, true); more; number++)
                {
                    var (block, previous) = (blocks[number % 2], blocks[(number + 1) % 2]);
                    more = Read(cursor, block, nameOf);
                    decoding.GetAwaiter().GetResult();
                    if (!problems.AreFatal) decoding = Task.Run(block.Decode);
                    Store(previous);
                    if (more) continue;
                    decoding.GetAwaiter().GetResult();
                    Store(block);
                }
            }
            finally
            {
                Task.WhenAny(decoding).Wait();
            }
        }

        if (rows == 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.NoImages,
                $"The {what} data has no rows. Check the path or the filter of the data.");
        }
        problems.RequireLabelsAndWeights();
        problems.RequireReadable(images.Count);
        return problems.Unreadable;

        bool Read(DataViewRowCursor cursor, ImageBlock block, Func<long, string> nameOf)
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            block.Clear();
            while (!block.IsFull)
            {
                if (!cursor.MoveNext()) return false;
                var (key, weight, name) = block.Take(nameOf(rows++), classes.ClassOf);
                if (classes.ClassOf(key) < 0) problems.AddLabel(name, classes.TextOf(key));
                if (!(weight is >= 0 and < float.PositiveInfinity)) problems.AddWeight(name, weight);
            }
            return true;
        }

        void Store(ImageBlock block)
        {
            for (var i = 0; i < block.Count && !problems.AreFatal; i++)
            {
                if (block.ErrorOf(i) is not { } error)
                    images.Add(block.PixelsOf(i), block.LabelOf(i), block.WeightOf(i));
                else problems.AddUnreadable(block.NameOf(i), error);
            }
        }
    }
}
