using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class TeacherTests
{
    private static readonly PruningAwareTrainingOptions s_distilled =
        TinyRun.Options with { Pruning = TinyRun.Options.Pruning with { Distillation = new() } };

    [TestCase(1, 1)]
    [TestCase(4, 0.3)]
    public void The_loss_follows_its_formula(double temperature, double weight)
    {
        using var scope = torch.NewDisposeScope();
        using var teacher = new Teacher(
            new() { Temperature = temperature, Weight = weight }, TinyNetworks.Trainable(TinyNetworks.ResNet8()));
        using var dense = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        dense.Module.eval();
        var input = TinyNetworks.Images(dense.Definition, 4);
        var logits = torch.tensor(new float[,] { { 1, 2, 3 }, { 0, 0, 0 }, { -5, 1, 0.5f }, { 2, 2, -2 } });
        var losses = torch.tensor(new float[] { 1, 2, 3, 4 });
        var taught = dense.Module.call(input).detach();
        var actual = teacher.Blend(losses, logits, teacher.Logits(input));
        for (var i = 0; i < 4; i++)
        {
            var (p, q) = (Softmax(taught[i]), Softmax(logits[i]));
            var divergence = p.Zip(q).Sum(c => c.First * Math.Log(c.First / c.Second));
            Assert.That(
                actual[i].item<float>(),
                Is.EqualTo((1 - weight) * (i + 1) + weight * temperature * temperature * divergence).Within(1e-4));
        }

        double[] Softmax(torch.Tensor row)
        {
            var powers = row.data<float>().ToArray().Select(x => Math.Exp(x / temperature)).ToArray();
            return [.. powers.Select(p => p / powers.Sum())];
        }
    }

    [Test]
    public void Student_equal_to_its_teacher_has_zero_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var teacher = new Teacher(new() { Weight = 1 }, TinyNetworks.Trainable(TinyNetworks.ResNet8()));
        using var same = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        same.Module.eval();
        var input = TinyNetworks.Images(same.Definition, 4);
        var losses = teacher.Blend(torch.ones(4), same.Module.call(input), teacher.Logits(input));
        TensorAssert.Close(losses, torch.zeros(4), 1e-5);
        losses.sum().backward();
        Assert.That(same.Decayed.Gradients.abs().max().item<float>(), Is.LessThan(1e-4));
    }

    [Test]
    public void A_run_learns_from_the_dense_network_after_the_cut_only()
    {
        using var plain = new TinyRun(TinyRun.Options);
        using var distilled = new TinyRun(s_distilled);
        Assert.That(distilled.Report.Epochs[0].TrainLoss, Is.EqualTo(plain.Report.Epochs[0].TrainLoss));
        Assert.That(distilled.Report.Epochs[2].TrainLoss, Is.Not.EqualTo(plain.Report.Epochs[2].TrainLoss));
        Assert.That(distilled.Weights, Is.Not.EqualTo(plain.Weights));
    }

    [Test]
    public void The_teacher_is_gone_when_the_run_is()
    {
        new TinyRun(s_distilled).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = LiveTensors.Before();
        new TinyRun(s_distilled).Dispose();
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(live));
    }
}
