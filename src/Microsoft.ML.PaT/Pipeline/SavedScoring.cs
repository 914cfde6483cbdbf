using System.Collections.Concurrent;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Serving;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>
/// Scores rows of a loaded ML.NET model. Loads the classifier from its text once, at the first row. Thread-safe. The
/// classifier lives as long as the mapping.
/// </summary>
/// <typeparam name="TValue">Type of the image column's values.</typeparam>
internal sealed class SavedScoring<TValue>
{
    private readonly Lock _loading = new();
    private volatile Loaded? _loaded;

    /// <param name="model">Text that contains the model; the same in every row.</param>
    /// <param name="result">Receives the scores.</param>
    /// <exception cref="InvalidImageDataException">The image cannot be read.</exception>
    public void Score(ReadOnlyMemory<char> model, TValue value, ScoreRow result)
    {
        var loaded = _loaded is { } current && current.Is(model) ? current : Load(model);
        var worker = loaded.Workers.TryTake(out var free) ? free : new(loaded);
        var error = worker.Decode(value);
        if (error is null) loaded.Classifier.Score(worker.Image, worker.Scores);
        else
        {
            throw new InvalidImageDataException(
                ErrorCodes.ImageUnreadable,
                $"An image cannot be scored: {error}. Remove the row, or replace the image.");
        }
        result.Set(worker.Scores);
        loaded.Workers.Add(worker);
    }

    private Loaded Load(ReadOnlyMemory<char> text)
    {
        lock (_loading)
        {
            if (_loaded is { } already && already.Is(text)) return already;
            var saved = SavedModel.Parse(text.Span);
            using var archive = new MemoryStream(saved.Archive, writable: false);
            return _loaded = new(text, ModelArchive.LoadClassifier(archive), saved.Format);
        }
    }

    private sealed class Loaded(ReadOnlyMemory<char> text, ImageClassifier classifier, ImageColumnFormat format)
    {
        public ImageClassifier Classifier => classifier;

        public ImageColumnFormat Format => format;

        /// <summary>Workers that no thread uses at the moment.</summary>
        public ConcurrentBag<Worker> Workers { get; } = [];

        // Usually the same object; otherwise the content is compared.
        public bool Is(ReadOnlyMemory<char> other) => text.Equals(other) || text.Span.SequenceEqual(other.Span);
    }

    /// <summary>Buffers for one thread.</summary>
    private sealed class Worker
    {
        private readonly ImageRowReader _reader;
        private TValue _value = default!;

        public Worker(Loaded loaded)
        {
            _reader =
                ImageRowReader.Create(loaded.Format, (ref TValue value) => value = _value, loaded.Classifier.Input);
            Image = new byte[loaded.Classifier.Input.Size];
            Scores = new float[loaded.Classifier.Classes.Count];
        }

        public byte[] Image { get; }

        public float[] Scores { get; }

        public string? Decode(TValue value)
        {
            _value = value;
            _reader.Read(0);
            _value = default!;
            return _reader.Decode(0, Image);
        }
    }
}
