using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class WeightAverageTests
{
    [Test]
    public void The_average_follows_its_formula_with_a_start_that_is_soon_forgotten()
    {
        using var scope = torch.NewDisposeScope();
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var average = 0.0;
        for (var step = 1; step <= 30; step++)
        {
            network.Steps = step;
            foreach (var flat in network.Flat) flat.Values.fill_(step);
            WeightAverage.Update(network, decay: 0.7);
            var d = Math.Min(0.7, (1.0 + step) / (10 + step)); // 0.7 from step 20 on
            average = step == 1 ? 1 : d * average + (1 - d) * step;
        }
        using (WeightAverage.Show(network))
        {
            foreach (var (name, tensor) in network.Tensors)
                TensorAssert.Close(tensor, torch.full(tensor.shape, (float)average), 1e-5);
        }
        foreach (var tensor in network.Tensors.Values) TensorAssert.Close(tensor, torch.full(tensor.shape, 30f), 0);
    }

    [Test]
    public void Without_an_average_a_network_shows_its_own_weights()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var before = network.Decayed.Values.clone();
        using (WeightAverage.Show(network)) TensorAssert.Close(network.Decayed.Values, before, 0);
    }

    [Test]
    public void The_average_is_what_a_run_evaluates_and_keeps()
    {
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with
        {
            Training = TinyRun.Options.Training with { EmaDecay = 0.9 },
            Checkpoints = new() { Folder = folder.Name },
        };
        using var run = new TinyRun(options);
        using var last = CheckpointFile.Read(folder.Checkpoints[^1]);
        foreach (var (name, weight) in run.Classifier.Weights)
        {
            TensorAssert.Close(weight, last.Tensors[$"network/average/{name}"], 0);
        }
        using var plain = new TinyRun(TinyRun.Options);
        Assert.That(run.Weights, Is.Not.EqualTo(plain.Weights));
        Assert.That(
            run.Report.Epochs[0].TrainLoss,
            Is.EqualTo(plain.Report.Epochs[0].TrainLoss),
            "the training itself is not changed");
    }
}
