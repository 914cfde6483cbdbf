using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class OptimizerTests
{
    private static readonly double[] s_start = [1, -2, 3, 0.5], s_gradient = [0.1, -0.2, 0, 1e-4];

    [Test]
    public void AdamW_is_that_of_PyTorch()
    {
        // adamw_values.py
        double[] expected = [0.9760099259232962, -1.9735621791724856, 2.9926567636048964, 0.4772363673178242];
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        var optimizer = NetworkOptimizer.Of(new() { Optimizer = Optimizer.AdamW, Beta2 = 0.99, WeightDecay = 0.1 });
        Set(network.Decayed.Values, s_start);
        for (var step = 0; step < 6; step++)
        {
            Set(network.Decayed.Gradients, [.. s_gradient.Select(g => g * (1 - 0.3 * step))]);
            optimizer.Step(network, new(0.01 / (1 + step), 0.9));
        }
        Assert.That(First(network.Decayed.Values), Is.EqualTo(expected).Within(1e-6));
        Assert.That(network.Steps, Is.EqualTo(6));
        Assert.That(
            network.Decayed.Gradients.abs().max().item<float>(), Is.Zero, "gradients start at zero for the next step");
    }

    [Test]
    public void AdamW_follows_its_formula_and_norms_have_no_decay()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        var options = new TrainingOptions { Optimizer = Optimizer.AdamW };
        Assert.That(
            (options.LearningRateInUse, options.WeightDecayInUse), Is.EqualTo((1e-3, 0.01)), "defaults of PyTorch");
        var optimizer = NetworkOptimizer.Of(options);
        var before = First(network.Undecayed.Values);
        double[] mean = new double[4], square = new double[4], values = [.. before];
        for (var step = 1; step <= 4; step++)
        {
            var gradients = s_start.Select(s => s / step).ToArray();
            Set(network.Undecayed.Gradients, gradients);
            optimizer.Step(network, new(0.01, 0.8));
            for (var i = 0; i < 4; i++)
            {
                mean[i] = 0.8 * mean[i] + 0.2 * gradients[i];
                square[i] = 0.999 * square[i] + 0.001 * gradients[i] * gradients[i];
                values[i] -=
                    0.01
                    * (mean[i] / (1 - Math.Pow(0.8, step)))
                    / (Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }
        Assert.That(First(network.Undecayed.Values), Is.EqualTo(values).Within(1e-6));
    }

    [Test]
    public void Equal_parameters_stay_equal_across_blocks([Values(Optimizer.Sgd, Optimizer.AdamW)] Optimizer kind)
    {
        var builder = new NetworkBuilder("wide", new(1, 16, 16));
        // 133,120 weights: two blocks and a part of one.
        builder.Linear("fc", builder.Flatten("flat", NetworkDefinition.InputName), outputs: 520);
        using var network = TinyNetworks.Trainable(builder.Build());
        using var scope = torch.NewDisposeScope();
        var optimizer = NetworkOptimizer.Of(new() { Optimizer = kind, WeightDecay = 0.1 });
        network.Decayed.Values.fill_(0.7);
        for (var step = 0; step < 3; step++)
        {
            network.Decayed.Gradients.fill_(0.3 - 0.2 * step);
            optimizer.Step(network, new(0.01, 0.9));
        }
        var values = network.Decayed.Values;
        Assert.That(values.numel(), Is.EqualTo(133_120));
        Assert.That(values.max().item<float>(), Is.EqualTo(values.min().item<float>()).And.LessThan(0.7f));
        Assert.That(network.Decayed.Gradients.count_nonzero().item<long>(), Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Lars_scales_the_gradient_of_each_weight_tensor_to_its_length(bool nesterov)
    {
        const double trust = 0.02, decay = 0.1, rate = 0.5, momentum = 0.9;
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        var optimizer = NetworkOptimizer.Of(
            new() { Optimizer = Optimizer.Lars, Nesterov = nesterov, TrustCoefficient = trust, WeightDecay = decay });
        var names = network.Decayed.Parameters.Keys.ToList();
        var zero = names[1]; // a tensor of zeros has no length to go by
        using (torch.no_grad()) network.Tensors[zero].zero_();
        var values = network.Module.Trained.ToDictionary(t => t.Key, t => t.Value.detach().clone());
        var velocity = values.ToDictionary(v => v.Key, v => torch.zeros_like(v.Value));
        for (var step = 1; step <= 3; step++)
        {
            foreach (var (name, value) in values)
            {
                var gradient = value.sin().add(0.1 * step);
                network.Tensors[name].grad!.copy_(gradient);
                var isWeight = names.Contains(name);
                double w = value.norm().item<float>(), g = gradient.norm().item<float>();
                var push =
                    isWeight ? gradient.add(value, decay).mul(w > 0 ? trust * w / (g + decay * w) : 1) : gradient;
                velocity[name].mul_(momentum).add_(push);
                value.sub_((nesterov ? push.add(velocity[name], momentum) : velocity[name]).mul(rate));
            }
            optimizer.Step(network, new(rate, momentum));
        }
        foreach (var (name, value) in values) TensorAssert.Close(network.Tensors[name], value, 1e-5);
    }

    [TestCase(Optimizer.Sgd)]
    [TestCase(Optimizer.AdamW)]
    [TestCase(Optimizer.Lars)]
    public void Saved_state_continues_like_unsaved_state(Optimizer which)
    {
        using var scope = torch.NewDisposeScope();
        using var whole = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        var optimizer = NetworkOptimizer.Of(new() { Optimizer = which });
        for (var step = 0; step < 3; step++) Step(whole);
        using var restored = TrainableNetwork.Restore(whole.Definition, whole.State(), torch.CPU);
        Assert.That(restored.Steps, Is.EqualTo(3));
        foreach (var network in new[] { whole, restored }) Step(network);
        foreach (var (name, value) in whole.State()) TensorAssert.Close(restored.State()[name], value, 0);

        void Step(TrainableNetwork network)
        {
            network.Decayed.Gradients.copy_(network.Decayed.Values.sin());
            network.Undecayed.Gradients.copy_(network.Undecayed.Values.cos());
            optimizer.Step(network, new(0.1, 0.9));
        }
    }

    private static void Set(torch.Tensor flat, double[] first) =>
        flat.narrow(0, 0, first.Length).copy_(torch.tensor(first));

    private static double[] First(torch.Tensor flat) =>
        [.. flat.narrow(0, 0, 4).data<float>().ToArray().Select(v => (double)v)];
}
