using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class AutocastTests
{
    private static readonly PruningAwareTrainingOptions s_dense = TinyRun.Options with { Pruning = new() { Policy = PruningPolicy.Never } };

    [Test]
    public void Convolutions_compute_in_bfloat16_within_and_in_float32_without()
    {
        NativeSupport.Require();
        using var scope = torch.NewDisposeScope();
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        network.Module.train();
        var input = TinyNetworks.Pictures(network.Definition, 4);
        var plain = network.Module.call(input);
        torch.Tensor narrow;
        using (Autocast.Begin(torch.CPU, Precision.Bfloat16)) narrow = network.Module.call(input);
        Assert.That((plain.dtype, narrow.dtype), Is.EqualTo((torch.float32, torch.bfloat16)));
        Assert.That(network.Module.call(input).dtype, Is.EqualTo(torch.float32), "it ends with its scope");
        // bfloat16 has 8 bits; what a few layers make of that is some percent.
        TensorAssert.Close(narrow.to(torch.float32), plain, 0.1);
        narrow.to(torch.float32).sum().backward();
        Assert.That(network.Weights.Gradients.dtype, Is.EqualTo(torch.float32));
        TensorAssert.Close(network.Tensors["fc.bias"].grad!, torch.full(3, 4f), 1e-2);
    }

    [Test]
    public void Weights_that_a_step_has_moved_are_cast_anew()
    {
        NativeSupport.Require();
        using var scope = torch.NewDisposeScope();
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        network.Module.eval();
        var input = TinyNetworks.Pictures(network.Definition, 2);
        torch.Tensor before, after;
        using (Autocast.Begin(torch.CPU, Precision.Bfloat16)) before = network.Module.call(input);
        using (torch.no_grad()) network.Weights.Values.zero_();
        using (Autocast.Begin(torch.CPU, Precision.Bfloat16)) after = network.Module.call(input);
        Assert.That(before.ne(after).any().item<bool>(), Is.True);
    }

    [Test]
    public void A_run_in_bfloat16_learns_goes_on_bit_for_bit_and_says_what_it_was()
    {
        NativeSupport.Require();
        using var folder = new TemporaryFolder();
        var options = TinyRun.Options with { Training = TinyRun.Options.Training with { Precision = Precision.Bfloat16 } };
        using var whole = new TinyRun(options with { Checkpoints = new() { Folder = folder.Name, Keep = 100 } });
        Assert.That(whole.Report.Precision, Is.EqualTo("bfloat16"));
        using var wide = new TinyRun(TinyRun.Options);
        Assert.That(whole.Weights, Is.Not.EqualTo(wide.Weights));
        Assert.That(whole.Report.Epochs[0].TrainLoss, Is.EqualTo(wide.Report.Epochs[0].TrainLoss).Within(0.05));
        using var first = folder.With(folder.Checkpoints[0]);
        using var resumed = new TinyRun(options with { Checkpoints = new() { Folder = first.Name, Resume = true } });
        Assert.That(resumed.Weights, Is.EqualTo(whole.Weights));
    }

    [Test]
    public void Float16_on_a_CPU_is_refused_before_anything_is_trained() => Assert.That(
        () => new TinyRun(s_dense with { Training = s_dense.Training with { Precision = Precision.Float16 } }),
        Throws.TypeOf<InvalidOptionsException>().With.Message.Contains("Float16").And.Message.Contains("Bfloat16"));
}
