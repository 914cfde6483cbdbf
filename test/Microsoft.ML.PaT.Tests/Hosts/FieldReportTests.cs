using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests.Hosts;

/// <summary>Public reports on similar software, tried here: docs/decisions/field-reports.md.</summary>
public sealed class FieldReportTests
{
    [Test]
    public void A_layer_may_be_concatenated_with_itself([Values(1, 2, 3)] int seed)
    {
        var net = new NetworkBuilder("twice", new(3, 8, 8));
        var x = net.Relu("relu1", net.BatchNorm("bn1", net.Convolution("conv1", NetworkDefinition.InputName, 12, 3)));
        x = net.Concatenate("both", x, x);
        x = net.Relu("relu2", net.BatchNorm("bn2", net.Convolution("conv2", x, 10, 3)));
        net.Linear("fc", net.GlobalAveragePool("mean", x), 3);
        SurgeryAssert.Equal(net.Build(), groups => TinyNetworks.RandomPlan(groups, seed), torch.float64, seed);
    }

    [Test]
    public void A_convolution_to_one_channel_is_not_depthwise([Values(1, 2, 3)] int seed)
    {
        var net = new NetworkBuilder("one", new(3, 8, 8));
        var x = net.Relu("relu1", net.BatchNorm("bn1", net.Convolution("conv1", NetworkDefinition.InputName, 16, 3)));
        x = net.Relu("relu2", net.BatchNorm("bn2", net.Convolution("conv2", x, 1, 3)));
        net.Linear("fc", net.GlobalAveragePool("mean", x), 3);
        SurgeryAssert.Equal(net.Build(), groups => TinyNetworks.RandomPlan(groups, seed), torch.float64, seed);
    }

    [Test]
    public void Inputs_of_a_concatenation_are_pruned_apart()
    {
        var net = new NetworkBuilder("apart", new(3, 8, 8));
        var left = net.Convolution("left", NetworkDefinition.InputName, 8, 3);
        var right = net.Convolution("right", NetworkDefinition.InputName, 16, 3);
        var x = net.Convolution("joined", net.Concatenate("both", left, right), 8, 1);
        net.Linear("fc", net.GlobalAveragePool("mean", x), 3);
        var groups = Microsoft.ML.PaT.Pruning.ChannelGroups.Of(net.Build()).Groups;
        Assert.That(groups.Select(g => g.Width), Is.EquivalentTo(new[] { 8, 16, 8 }));
    }

    [TestCase(17)]
    [TestCase(33)]
    public void A_last_batch_of_one_image_trains(int images)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(TinyRows.Encoded(images));
        var options = TinyRows.Options with
        {
            Training = TinyRows.Options.Training with { BatchSize = 16, ValidationFraction = 0 },
        };
        using var model =
            ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.PaT().ImageClassification(options)).Fit(data);
        Assert.That(double.IsFinite(model.LastTransformer.Report.Epochs[0].TrainLoss));
    }

    [Test]
    public void Files_lie_under_names_of_any_language()
    {
        using var folder = new TemporaryFolder();
        var below = Directory.CreateDirectory(Path.Combine(folder.Name, "modèle Ä 模型 'x'")).FullName;
        using var classifier = TinyClassifiers.Create();
        var onnx = Path.Combine(below, "größe.onnx");
        classifier.SaveOnnx(onnx);
        using (var session = new InferenceSession(onnx))
            Assert.That(session.InputMetadata.Keys, Is.EqualTo(new[] { "input" }));
        var archive = Path.Combine(below, "größe.pat");
        File.WriteAllBytes(archive, TinyArchives.Save(classifier));
        using var loaded = ImageClassifier.Load(archive);
        Assert.That(loaded.Classes, Is.EqualTo(classifier.Classes));
    }

    [Test]
    public void Loading_again_and_again_leaves_nothing_behind()
    {
        using var classifier = TinyClassifiers.Create();
        var archive = TinyArchives.Save(classifier);
        Once();
        var before = LiveTensors.Before();
        for (var i = 0; i < 50; i++) Once();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(before));

        void Once()
        {
            using var loaded = ImageClassifier.Load(new MemoryStream(archive));
            loaded.Score(TinyClassifiers.Images(2), new float[2 * loaded.Classes.Count]);
        }
    }
}
