using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class BestNetworkTests
{
    [Test]
    public void The_best_of_all_stays_and_of_equals_the_first()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var best = new BestNetwork();
        using var noGradient = torch.no_grad();
        foreach (var (epoch, accuracy) in new[] { (0, 0.5), (1, 0.8), (2, 0.8), (3, 0.7) })
        {
            network.Tensors["conv1.weight"].fill_(epoch);
            best.UpdateIfBetter(network, epoch, accuracy);
        }
        Assert.That(best.Epoch, Is.EqualTo(new BestEpoch(1, 0.8)));
        using var maximum = best.Weights["conv1.weight"].max();
        Assert.That(maximum.item<float>(), Is.EqualTo(1));
        best.Clear();
        Assert.That(best.Epoch, Is.Null);
    }

    [Test]
    public void A_run_that_no_longer_gets_better_ends_and_says_so()
    {
        var options = TinyRun.Options with
        {
            Pruning = new() { Policy = PruningPolicy.AtEpoch(1) },
            Training = TinyRun.Options.Training with { Epochs = 40, LearningRate = 1e-9, Patience = 2 },
        };
        using var run = new TinyRun(options);
        Assert.That(run.Report.Stopped, Is.False, "nobody stopped it");
        Assert.That(run.Report.PruneEpoch, Is.EqualTo(1), "patience begins with pruning");
        Assert.That(run.Report.Epochs, Has.Count.InRange(4, 39));
        Assert.That(run.Events, Has.Some.StartsWith("No better validation accuracy for 2 epochs"));
    }
}
