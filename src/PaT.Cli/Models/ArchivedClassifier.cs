using Microsoft.ML.Data;

namespace PaT.Cli;

/// <summary>A native archive, without a pipeline of ML.NET around it.</summary>
/// <param name="file">The archive.</param>
internal sealed class ArchivedClassifier(string file) : SavedClassifier
{
    private const int BatchSize = 64;
    private const int RawSide = 32;
    private readonly ImageClassifier _classifier = ImageClassifier.Load(file);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _classifier.Classes;

    /// <inheritdoc/>
    public override IEnumerable<float[]> Score(IEnumerable<byte[]> files) => ScoreAll(files, f => ImageDecoder.Decode(f, _classifier.Input, _classifier.Resizing));

    /// <inheritdoc/>
    public override IEnumerable<float[]> ScorePixels(IEnumerable<byte[]> pixels) => ScoreAll(pixels, ToInput);

    /// <inheritdoc/>
    public override void Dispose() => _classifier.Dispose();

    private IEnumerable<float[]> ScoreAll(IEnumerable<byte[]> images, Func<byte[], byte[]> decode)
    {
        foreach (var batch in images.Chunk(BatchSize))
        {
            var scores = new float[batch.Length * Classes.Count];
            _classifier.Score(batch.SelectMany(decode).ToArray(), scores);
            foreach (var one in scores.Chunk(Classes.Count))
            {
                yield return one;
            }
        }
    }

    private byte[] ToInput(byte[] planar)
    {
        const int Plane = RawSide * RawSide;
        if (_classifier.Input is { Channels: 3, Height: RawSide, Width: RawSide })
        {
            return planar;
        }

        var rgba = new byte[4 * Plane];
        for (var i = 0; i < Plane; i++)
        {
            (rgba[4 * i], rgba[(4 * i) + 1], rgba[(4 * i) + 2], rgba[(4 * i) + 3]) = (planar[i], planar[Plane + i], planar[(2 * Plane) + i], byte.MaxValue);
        }

        using var image = MLImage.CreateFromPixels(RawSide, RawSide, MLPixelFormat.Rgba32, rgba);
        return ImageDecoder.Decode(image, _classifier.Input, _classifier.Resizing);
    }
}
