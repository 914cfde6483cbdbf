namespace PaT.Samples.Web;

/// <summary>A native archive: the classifier itself serves all threads, nothing has to be pooled.</summary>
/// <param name="path">The file.</param>
internal sealed class ServedArchive(string path) : ServedModel
{
    private readonly ImageClassifier _classifier = ImageClassifier.Load(path);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => _classifier.Classes;

    /// <inheritdoc/>
    public override float[] Score(byte[] image)
    {
        var scores = new float[Classes.Count];
        _classifier.Score(ImageDecoder.Decode(image, _classifier.Input, _classifier.Resizing), scores);
        return scores;
    }

    /// <inheritdoc/>
    public override void Dispose() => _classifier.Dispose();
}
