using Microsoft.ML.Data;

namespace Microsoft.ML.PaT;

/// <summary>The scores of a few pictures, computed together; one of them is served at a time.</summary>
internal sealed class ScoreBuffer
{
    private readonly ImageClassifier _classifier;
    private readonly PictureReader _reader;
    private readonly byte[] _pictures;
    private readonly float[] _scores;
    private readonly string?[] _errors;

    /// <summary>Makes room.</summary>
    /// <param name="classifier">Computes the scores.</param>
    /// <param name="row">The row or cursor with the pictures.</param>
    /// <param name="schema">The schema it has.</param>
    /// <param name="capacity">How many pictures are scored together.</param>
    public ScoreBuffer(ImageClassifier classifier, DataViewRow row, ScoringSchema schema, int capacity)
    {
        _classifier = classifier;
        _reader = PictureReader.Create(schema.Format, row, schema.Image, classifier.Input, capacity);
        _pictures = new byte[capacity * classifier.Input.Size];
        _scores = new float[capacity * classifier.Classes.Count];
        _errors = new string?[capacity];
    }

    /// <summary>The picture that is served.</summary>
    public int Current { get; set; }

    /// <summary>Takes the picture of the current row.</summary>
    public void Read(int slot) => _reader.Read(slot);

    /// <summary>Decodes and scores the pictures taken.</summary>
    /// <param name="count">How many they are.</param>
    public void Score(int count)
    {
        var size = _classifier.Input.Size;
        if (count == 1) _errors[0] = _reader.Decode(0, _pictures.AsSpan(0, size));
        else Parallel.For(0, count, i => _errors[i] = _reader.Decode(i, _pictures.AsSpan(i * size, size)));
        _classifier.Score(_pictures.AsSpan(0, count * size), _scores.AsSpan(0, count * _classifier.Classes.Count));
    }

    /// <summary>The probabilities of the current picture.</summary>
    /// <param name="row">Its row, for the message.</param>
    /// <exception cref="InvalidPicturesException">It cannot be read.</exception>
    public ReadOnlySpan<float> Scores(long row) => _errors[Current] is { } error
        ? throw new InvalidPicturesException($"The picture in row {row} cannot be scored: {error}. Remove the row, or replace the picture.")
        : _scores.AsSpan(Current * _classifier.Classes.Count, _classifier.Classes.Count);

    /// <summary>The most probable class of scores; the first of several.</summary>
    public static int ArgMax(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        return best;
    }

    /// <summary>Copies scores into a column's value.</summary>
    public static void Copy(ReadOnlySpan<float> scores, ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, scores.Length);
        scores.CopyTo(editor.Values);
        value = editor.Commit();
    }
}
