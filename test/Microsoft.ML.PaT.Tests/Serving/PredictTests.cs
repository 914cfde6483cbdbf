namespace Microsoft.ML.PaT.Tests;

public class PredictTests
{
    [Test]
    public void A_file_its_bytes_and_its_stream_have_the_scores_of_its_pixels()
    {
        using var classifier = TinyClassifiers.Create();
        using var folder = new TemporaryFolder();
        var (planar, expected) = (TinyRows.Planar(3), new float[3]);
        var (file, path) = (TinyRows.Bitmap(planar), Path.Combine(folder.Name, "image.bmp"));
        File.WriteAllBytes(path, file);
        classifier.Score(planar, expected);
        using var stream = new MemoryStream(file);
        var predictions = new[] { classifier.Predict(file), classifier.Predict(path), classifier.Predict(stream) };
        foreach (var prediction in predictions)
        {
            Assert.That(prediction.Scores, Is.EqualTo(expected));
            Assert.That(
                (prediction.Label, prediction.Score),
                Is.EqualTo((classifier.Classes[Array.IndexOf(expected, expected.Max())], expected.Max())));
        }
    }

    [Test]
    public void A_file_that_is_not_an_image_is_named()
    {
        using var classifier = TinyClassifiers.Create();
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Name, "notes.txt");
        File.WriteAllText(path, "no image");
        Assert.That(
            () => classifier.Predict(path), Throws.TypeOf<InvalidImageDataException>().With.Message.Contains(path));
        Assert.That(() => classifier.Predict(new byte[5]), Throws.TypeOf<InvalidImageDataException>());
    }
}
