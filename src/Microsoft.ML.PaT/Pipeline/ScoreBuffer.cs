using Microsoft.ML.Data;
using Microsoft.ML.PaT.Data;

namespace Microsoft.ML.PaT.Pipeline;

/// <summary>Scores a few images together and serves the results one at a time.</summary>
internal sealed class ScoreBuffer
{
    private readonly ImageClassifier _classifier;
    private readonly ImageRowReader _reader;
    private readonly byte[] _images;
    private readonly float[] _scores;
    private readonly string?[] _errors;
    private int _decoded;

    /// <param name="classifier">Computes the scores; not owned.</param>
    public ScoreBuffer(ImageClassifier classifier, DataViewRow row, ScoringSchema schema, int capacity)
    {
        _classifier = classifier;
        _reader = ImageRowReader.Create(schema.Format, row, schema.Image, classifier.Input, capacity);
        _images = new byte[capacity * classifier.Input.Size];
        _scores = new float[capacity * classifier.Classes.Count];
        _errors = new string?[capacity];
    }

    /// <summary>Index of the current image in the batch.</summary>
    public int Current { get; set; }

    /// <summary>Reads the image of the current row.</summary>
    /// <param name="place">Index in the batch, from 0.</param>
    public void Read(int place)
    {
        if (place == 0) _decoded = 0;
        else if (_reader.IsFull) Decode(place);
        _reader.Read(place - _decoded);
    }

    /// <param name="count">Number of images that were read.</param>
    public void Score(int count)
    {
        Decode(count);
        _classifier.Score(
            _images.AsSpan(0, count * _classifier.Input.Size), _scores.AsSpan(0, count * _classifier.Classes.Count));
    }

    private void Decode(int end)
    {
        var (first, size) = (_decoded, _classifier.Input.Size);
        _reader.DecodeAll(end - first, slot =>
            _errors[first + slot] = _reader.Decode(slot, _images.AsSpan((first + slot) * size, size)));
        _decoded = end;
    }

    /// <summary>Probabilities of the current image.</summary>
    /// <param name="row">Row number for the error message.</param>
    /// <exception cref="InvalidImageDataException">The image cannot be read.</exception>
    public ReadOnlySpan<float> Scores(long row) =>
        _errors[Current] is { } error
            ? throw new InvalidImageDataException(
                ErrorCodes.ImageUnreadable,
                $"The image in row {row} cannot be scored: {error}. Remove the row, or replace the image.")
            : _scores.AsSpan(Current * _classifier.Classes.Count, _classifier.Classes.Count);

    /// <summary>Index of the highest score; the first if several are equal.</summary>
    public static int ArgMax(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        return best;
    }

    public static void Copy(ReadOnlySpan<float> scores, ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, scores.Length);
        scores.CopyTo(editor.Values);
        value = editor.Commit();
    }
}
