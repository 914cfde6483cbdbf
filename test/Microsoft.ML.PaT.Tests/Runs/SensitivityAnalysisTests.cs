using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Runs;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class SensitivityAnalysisTests
{
    private string _weights = "";

    [OneTimeSetUp]
    public void Train()
    {
        using var training = TinyImages.Store(192, seed: 1);
        var options = new PruningAwareTrainingOptions
        {
            Network = Networks.ByName("resnet8"),
            Images = new() { RandomCropPadding = 1, HorizontalFlip = false },
            Pruning = new() { Policy = PruningPolicy.Never },
            Training = new() { Epochs = 4, BatchSize = 32, LearningRate = 0.1 }, Threads = 1,
        };
        using var classifier =
            new PruningAwareRun(options, torch.CPU, IRunObserver.Of(_ => { })).Execute(training, null).Classifier;
        _weights = Path.Combine(TestContext.CurrentContext.WorkDirectory, "sensitivity.safetensors");
        classifier.SaveWeights(_weights);
    }

    [TestCase("magnitude")]
    [TestCase("taylor")]
    public void Every_group_is_measured_at_every_ratio_and_nothing_removed_costs_nothing(string criterion)
    {
        var report = Measure(criterion, 0.001, 0.5, 0.999);
        Assert.That(report.Accuracy, Is.GreaterThan(0.9));
        Assert.That(
            report.Groups.Select(g => g.Group),
            Is.EqualTo(ChannelGroups.Of(TinyNetworks.ResNet8()).Groups.Select(g => g.Name)));
        foreach (var group in report.Groups)
        {
            Assert.That(group.Kept, Is.EqualTo(new[] { group.Width, group.Width / 2, 1 }), group.Group);
            Assert.That(group.Accuracy[0], Is.EqualTo(report.Accuracy), group.Group);
        }
        Assert.That(report.Groups.Min(g => g.Accuracy[2]), Is.LessThan(report.Accuracy));
    }

    [Test]
    public void The_same_question_has_the_same_answer()
    {
        var (one, same) = (Measure("taylor", 0.5), Measure("taylor", 0.5));
        Assert.That(same.Groups.Select(g => g.Accuracy[0]), Is.EqualTo(one.Groups.Select(g => g.Accuracy[0])));
    }

    private SensitivityReport Measure(string criterion, params double[] ratios)
    {
        using var images = TinyImages.Store(60, seed: 2);
        return new SensitivityAnalysis(
            new()
            {
                Network = Networks.ByName("resnet8"),
                Weights = new(_weights),
                Pruning = new() { Criterion = Importance.ByName(criterion) },
                Training = new() { BatchSize = 32 },
                Threads = 1,
            },
            torch.CPU).Measure(images, ratios);
    }
}
