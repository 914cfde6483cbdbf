using Microsoft.ML.Data;

namespace PaT.Cli;

/// <summary>A native archive, which is scored without ML.NET.</summary>
internal sealed class ArchivedClassifier(string file) : SavedClassifier
{
    private const int BatchSize = 64, RawSide = 32;
    private readonly ImageClassifier _classifier = ImageClassifier.Load(file);

    public override IReadOnlyList<string> Classes => _classifier.Classes;

    public override IEnumerable<float[]> Score(IEnumerable<byte[]> files) =>
        ScoreAll(files, content => ImageDecoder.Decode(content, _classifier.Input, _classifier.Resizing));

    public override IEnumerable<float[]> ScorePixels(IEnumerable<byte[]> pixels) => ScoreAll(pixels, ToInput);

    public override void Dispose() => _classifier.Dispose();

    private IEnumerable<float[]> ScoreAll(IEnumerable<byte[]> images, Func<byte[], byte[]> decode)
    {
        foreach (var batch in images.Chunk(BatchSize))
        {
            var scores = new float[batch.Length * Classes.Count];
            _classifier.Score(batch.SelectMany(decode).ToArray(), scores);
            foreach (var one in scores.Chunk(Classes.Count)) yield return one;
        }
    }

    private byte[] ToInput(byte[] planar)
    {
        if (_classifier.Input is { Channels: 3, Height: RawSide, Width: RawSide }) return planar;
        const int Plane = RawSide * RawSide;
        var rgba = new byte[4 * Plane];
        for (var i = 0; i < Plane; i++)
        {
            for (var channel = 0; channel < 3; channel++) rgba[(4 * i) + channel] = planar[(channel * Plane) + i];
            rgba[(4 * i) + 3] = byte.MaxValue;
        }
        using var image = MLImage.CreateFromPixels(RawSide, RawSide, MLPixelFormat.Rgba32, rgba);
        return ImageDecoder.Decode(image, _classifier.Input, _classifier.Resizing);
    }
}
