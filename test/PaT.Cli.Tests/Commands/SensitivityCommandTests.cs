using System.Text.Json;

namespace PaT.Cli.Tests;

public sealed class SensitivityCommandTests
{
    private const int Classes = 10;

    [TestCase(20)]
    [TestCase(5, TestName = "Fewer images than classes")]
    public void The_whole_network_has_the_accuracy_of_its_archive_on_the_same_images(int limit)
    {
        using var folder = new TemporaryFolder();
        // Classes in turn; validation images, chosen at random, come in another order of classes.
        var data = folder.Write("colors.tar.gz", Tar.Compressed([
            ("cifar-10-batches-bin/data_batch_1.bin", Batch(400)), ("cifar-10-batches-bin/test_batch.bin", Batch(20)),
        ]));
        var model = folder.File("out/model.pat");
        var (exitCode, _, error) = Pat.Run(
            "train", "--data", data, "--network", "resnet8", "--epochs", "5", "--batch", "16", "--lr", "0.05",
            "--policy", "never", "--device", "cpu", "--threads", "1", "--out", folder.File("out"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));
        (exitCode, _, error) = Pat.Run(
            "inspect", "sensitivity", "--network", model, "--data", data, "--limit", $"{limit}", "--ratios", "0.5",
            "--out", folder.File("sensitivity"));
        Assert.That(exitCode, Is.Zero, string.Join('\n', error));

        var set = ImageSources.Open(data, default);
        var images = Subset.Balanced(DataSplit.Of(set, images: null, seed: 1).Validation, limit, seed: 1);
        using var classifier = new ArchivedClassifier(model);
        Assert.That(classifier.Classes, Is.EqualTo(set.Classes));
        var scores = classifier.ScorePixels(images.Select(i => i.Read()));
        var expected = ClassificationMetrics.Of(classifier.Classes, images.Zip(scores, (i, s) => (i.Label, s)));
        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("sensitivity/sensitivity.json")));
        Assert.That(json.RootElement.GetProperty("images").GetInt32(), Is.EqualTo(limit));
        Assert.That(json.RootElement.GetProperty("accuracy").GetDouble(), Is.EqualTo(expected.Accuracy));
        if (limit == 20) Assert.That(expected.Accuracy, Is.GreaterThan(0.5), "chance is 0.1");
    }

    /// <summary>CIFAR-10's binary records of one color for each class, with noise.</summary>
    private static byte[] Batch(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).SelectMany(i => (byte[])[(byte)Label(i), .. Pixels(Label(i))])];

        static int Label(int i) => (7 * i + 3) % Classes; // the first image is not of the first class

        IEnumerable<byte> Pixels(int label)
        {
            var bright = label < 8 ? 200 : 100;
            for (var i = 0; i < CifarBatches.Pixels; i++)
            {
                var isOn = ((label >> (3 * i / CifarBatches.Pixels)) & 1) != 0 || label >= 8;
                yield return (byte)((isOn ? bright - (label == 9 ? 60 : 0) : 0) + random.Next(30));
            }
        }
    }
}
