using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Results;

namespace Microsoft.ML.PaT.Data;

/// <summary>
/// Reads the images and labels of a data view once, in the order of rows, and decodes them on all cores: into memory,
/// or into a file if they exceed the memory budget.
/// </summary>
internal sealed class DataViewImageLoader
{
    private const int NamedImages = 100;
    private const int NamedInMessage = 5;
    private const int MostSlots = 256;
    private const int BlockBytes = 32 << 20;
    private readonly ImageDataOptions _options;
    private readonly ImageShape _shape;
    private readonly LabelValues _labels;
    private readonly IRunObserver _observer;
    private long _memoryLeft;

    /// <param name="options">Names of the columns, and the allowed fraction of unreadable images.</param>
    /// <param name="shape">Input shape of the network.</param>
    /// <param name="labels">The classes of the training set.</param>
    /// <param name="observer">Receives messages about images kept on disk.</param>
    /// <param name="processes">Number of processes of this machine that read the same images; together they use the
    /// memory budget of one, and share one file.</param>
    public DataViewImageLoader(
        ImageDataOptions options, ImageShape shape, LabelValues labels, IRunObserver observer, int processes = 1)
    {
        _options = options;
        _shape = shape;
        _labels = labels;
        _observer = observer;
        _memoryLeft = options.MemoryBudget ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / processes;
    }

    /// <summary>The network and its images' shape, and the classes that a training set's schema names.</summary>
    /// <exception cref="InvalidOptionsException">The network does not take images of three channels.</exception>
    /// <exception cref="InvalidImageDataException">The label column is missing, or no key with values.</exception>
    /// <exception cref="InvalidImageDataException">There is one class only.</exception>
    public static (FittingNetwork Network, LabelValues Labels) Expect(
        NetworkArchitecture? network, ImageDataOptions options, IDataView data)
    {
        var labels = LabelValues.Of(Columns.Find(data.Schema, options.LabelColumn, "label"));
        var fitting = FittingNetwork.Of(network, options, data);
        if (fitting.Shape.Channels != 3)
        {
            throw new InvalidOptionsException(
                ErrorCodes.NetworkMismatch,
                $"Network '{network}' takes {fitting.Shape.Channels} channels; images have 3 (gray ones become RGB).");
        }
        return labels.Names.Count >= 2
            ? (fitting, labels)
            : throw new InvalidImageDataException(
                ErrorCodes.SingleClass,
                $"The label column '{options.LabelColumn}' has one class ('{labels.Names[0]}'); a classifier needs "
                    + "at least two.");
    }

    /// <summary>Reads all images of a data view, or opens the file of an earlier run.</summary>
    /// <param name="data">The data.</param>
    /// <param name="what">Name of the data in messages: <c>training</c>, <c>validation</c>.</param>
    /// <param name="weighted">Whether the column with weights is read too, if the options name one.</param>
    /// <exception cref="InvalidImageDataException">A column is missing, or has an unsupported type.</exception>
    /// <exception cref="InvalidImageDataException">There are no images, a label is missing or unknown, a weight is no
    /// number of 0 or more, or too many images are unreadable.</exception>
    /// <exception cref="InvalidFileException">They exceed the memory budget, and cannot be written to the
    /// disk.</exception>
    public ImageDataset Read(IDataView data, string what, bool weighted = false)
    {
        var weight = weighted ? WeightReader.Find(data.Schema, _options.WeightColumn) : null;
        var source = new ImageColumns(
            data,
            Columns.Find(data.Schema, _options.ImageColumn, "image"),
            Columns.Find(data.Schema, _options.LabelColumn, "label"),
            weight,
            NameColumn(data.Schema));
        var format = ImageColumnFormat.Of(
            source.Image, _shape, _options.InterleavePixelColors, _options.Images.Resizing);
        var classes = ClassesOf(source.Label, _labels);
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

        var fingerprint = source.Fingerprint(format, _shape, _labels.Names, most);
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
            RequireReadable(known, store.Count, what);
            store.Skipped = known;
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private ImageCacheIndex Fill(
        ImageColumns source,
        ImageColumnFormat format,
        (Func<int, int> ClassOf, Func<int, string> TextOf) classes,
        string what,
        ImageSink images)
    {
        var slots = Math.Clamp(BlockBytes / _shape.Size, Environment.ProcessorCount, MostSlots);
        var unreadable = new List<string>();
        var (rows, unreadableCount) = (0L, 0);
        var (badLabels, badWeights) = (new List<string>(), new List<string>());
        using (var cursor = source.Rows())
        {
            var nameOf = NameReader(cursor, source.Name);
            ImageBlock[] blocks =
                [new(source, cursor, format, _shape, slots), new(source, cursor, format, _shape, slots)];
            var decoding = Task.CompletedTask;
            try
            {
                // While one block is decoded, the rows of the next one are read, and the one before is stored.
                for (var (number, more) = (0, true); more; number++)
                {
                    var (block, previous) = (blocks[number % 2], blocks[(number + 1) % 2]);
                    more = Read(cursor, block, nameOf);
                    decoding.GetAwaiter().GetResult();
                    if (badLabels.Count == 0 && badWeights.Count == 0) decoding = Task.Run(block.Decode);
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
                $"The {what} data has no rows. Check the path or the filter that the data comes from.");
        }
        if (badLabels.Count > 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.LabelMissing,
                $"Images of the {what} data have no label in column '{source.Label.Name}', or one that the training "
                    + $"data does not have: {string.Join("; ", badLabels)}. Remove these rows, label them, or train "
                    + "on such images too.");
        }
        if (badWeights.Count > 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.WeightInvalid,
                $"Images of the {what} data have no weight of 0 or more in column '{source.Weight?.Name}': "
                    + $"{string.Join("; ", badWeights)}. Correct these rows or remove them.");
        }
        var read = new ImageCacheIndex(unreadable, unreadableCount);
        RequireReadable(read, images.Count, what);
        return read;

        bool Read(DataViewRowCursor cursor, ImageBlock block, Func<long, string> nameOf)
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            block.Clear();
            while (!block.IsFull)
            {
                if (!cursor.MoveNext()) return false;
                var (key, weight, name) = block.Take(nameOf(rows++), classes.ClassOf);
                if (classes.ClassOf(key) < 0 && badLabels.Count < NamedInMessage)
                    badLabels.Add($"{name}: {classes.TextOf(key)}");
                if (!(weight is >= 0 and < float.PositiveInfinity) && badWeights.Count < NamedInMessage)
                    badWeights.Add(FormattableString.Invariant($"{name}: {weight}"));
            }
            return true;
        }

        void Store(ImageBlock block)
        {
            for (var i = 0; i < block.Count && badLabels.Count == 0 && badWeights.Count == 0; i++)
            {
                if (block.ErrorOf(i) is not { } error)
                    images.Add(block.PixelsOf(i), block.LabelOf(i), block.WeightOf(i));
                else if (++unreadableCount <= NamedImages) unreadable.Add($"{block.NameOf(i)}: {error}");
            }
        }
    }

    private void RequireReadable(ImageCacheIndex read, int count, string what)
    {
        var rows = count + read.UnreadableCount;
        if (read.UnreadableCount > _options.MaxUnreadableFraction * rows)
        {
            throw new InvalidImageDataException(
                ErrorCodes.TooManyUnreadable,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{read.UnreadableCount} of {rows} images of the {what} data cannot be read, more than the "
                        + $"{_options.MaxUnreadableFraction:P1} allowed (MaxUnreadableFraction). The first: "
                        + $"{string.Join("; ", read.Unreadable.Take(NamedInMessage))}."));
        }
        if (count == 0)
        {
            throw new InvalidImageDataException(
                ErrorCodes.NoImages,
                $"None of the {rows} images of the {what} data can be read. The first: "
                    + $"{string.Join("; ", read.Unreadable.Take(NamedInMessage))}.");
        }
    }

    /// <summary>
    /// Other data may number its keys differently, so classes are matched by name. A class without training images is
    /// an error only if a row has it.
    /// </summary>
    public static (Func<int, int> ClassOf, Func<int, string> TextOf) ClassesOf(
        DataViewSchema.Column label, LabelValues classes)
    {
        var own = LabelValues.Of(label).Names;
        var positions = classes.Names.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        var known = own.Select(name => positions.GetValueOrDefault(name, -1)).ToArray();
        return (key => IsKnown(key) ? known[key] : -1, key => IsKnown(key) ? $"'{own[key]}'" : "no label");

        bool IsKnown(int key) => key >= 0 && key < own.Count;
    }

    /// <summary>A text column that probably has the file names of the images.</summary>
    public static DataViewSchema.Column? NameColumn(DataViewSchema schema)
    {
        foreach (var column in schema)
        {
            if (!column.IsHidden && column.Type is TextDataViewType
                && (column.Name.Contains("path", StringComparison.OrdinalIgnoreCase)
                    || column.Name.Contains("file", StringComparison.OrdinalIgnoreCase)
                    || column.Name.Equals("name", StringComparison.OrdinalIgnoreCase)))
            {
                return column;
            }
        }
        return null;
    }

    private static Func<long, string> NameReader(DataViewRow row, DataViewSchema.Column? column)
    {
        if (column is not { } named) return position => $"row {position}";
        var getter = row.GetGetter<ReadOnlyMemory<char>>(named);
        ReadOnlyMemory<char> text = default;
        return position =>
        {
            getter(ref text);
            return $"row {position} ({text})";
        };
    }
}
