using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

public class SgdOptimizerTests
{
    [TestCase(true, 0.9, 0.01)]
    [TestCase(false, 0.9, 0.01)]
    [TestCase(false, 0, 0)]
    public void Follows_the_formula_over_several_steps(bool nesterov, double momentum, double decay)
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        var optimizer = NetworkOptimizer.Of(new() { Nesterov = nesterov, WeightDecay = decay });
        double w = Value(network.Decayed), n = Value(network.Undecayed), vw = 0, vn = 0;
        for (var step = 0; step < 4; step++)
        {
            double g = 0.3 - 0.1 * step,
                lr = 0.5 / (1 + step),
                m = momentum - 0.02 * momentum * step; // both vary from step to step
            network.Decayed.Gradients.fill_(g);
            network.Undecayed.Gradients.fill_(g);
            optimizer.Step(network, new(lr, m));
            Move(ref w, ref vw, g + decay * w, lr, m);
            Move(ref n, ref vn, g, lr, m); // norms have no decay
        }
        Assert.That(Value(network.Decayed), Is.EqualTo(w).Within(1e-5));
        Assert.That(Value(network.Undecayed), Is.EqualTo(n).Within(1e-5));
        Assert.That(
            network.Decayed.Gradients.abs().max().item<float>(), Is.Zero, "gradients start at zero for the next step");

        void Move(ref double value, ref double velocity, double gradient, double lr, double m)
        {
            velocity = m * velocity + gradient;
            value -= lr * (nesterov ? gradient + m * velocity : velocity);
        }

        static double Value(FlatParameters flat) => flat.Values[0].item<float>();
    }

    [Test]
    public void Gradients_of_the_backward_pass_arrive_in_the_flat_buffer()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var scope = torch.NewDisposeScope();
        network.Module.call(TinyNetworks.Images(network.Definition, 4)).sum().backward();
        Assert.That(network.Decayed.Gradients.ne(0).to(torch.float32).mean().item<float>(), Is.GreaterThan(0.5));
        Assert.That(network.Undecayed.Gradients.ne(0).to(torch.float32).mean().item<float>(), Is.GreaterThan(0.5));
        var fc = network.Tensors["fc.bias"].grad!;
        TensorAssert.Close(fc, torch.full(3, 4f), 1e-6); // d(sum)/d(bias) = images
    }
}
