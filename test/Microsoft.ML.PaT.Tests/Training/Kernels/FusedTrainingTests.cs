using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.PaT.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Runs with fused norms compared with libtorch's operators.</summary>
public class FusedTrainingTests
{
    [Test]
    public void A_run_learns_the_same_with_either_and_says_which_it_was()
    {
        using var fused = new TinyRun(TinyRun.Options);
        using var plain = new TinyRun(
            TinyRun.Options with { Training = TinyRun.Options.Training with { Kernels = TrainingKernels.Plain } });
        Assert.That(TrainingRecipe.FromJson(plain.Report.Recipe).Training.Kernels, Is.EqualTo(TrainingKernels.Plain));
        foreach (var (one, other) in fused.Report.Epochs.Zip(plain.Report.Epochs))
            Assert.That(one.TrainLoss, Is.EqualTo(other.TrainLoss).Within(0.02));
    }

    /// <summary>
    /// Deep networks amplify rounding, so the bound is the error of libtorch's float32 relative to float64.
    /// </summary>
    [TestCase("resnet8")]
    [TestCase("mobilenet_v2")]
    [TestCase("mobilenet_v3_small")]
    [TestCase("efficientnet_b0")]
    [TestCase("densenet40-cifar")]
    public void Every_gradient_is_as_close_to_float64_as_with_plain_operators(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var definition = Networks.ByName(name).Build(new(3, 64, 64), 5);
        var images = randn([8, 3, 64, 64], generator: generator);
        using var plain =
            TrainableNetwork.Initialize(definition, generator, CPU, channelsLast: true, TrainingKernels.Plain);
        using var fused = new TrainableNetwork(definition, plain.Tensors, CPU, channelsLast: true);
        using var exact = new NetworkModule(definition, plain.Tensors.ToDictionary(
            t => t.Key, t => t.Value.detach().to(ScalarType.Float64).requires_grad_(t.Value.requires_grad)));
        var expected = Gradients(exact, images.to(ScalarType.Float64));
        var (ofPlain, ofFused) = (Gradients(plain.Module, images), Gradients(fused.Module, images));
        foreach (var parameter in expected.Keys)
        {
            var scale = expected[parameter].abs().max().item<double>() + 1e-9;
            Assert.That(Error(ofFused) / scale, Is.LessThan(5 * Error(ofPlain) / scale + 1e-4), parameter);

            double Error(Dictionary<string, Tensor> gradients) =>
                gradients[parameter].to(ScalarType.Float64).sub(expected[parameter]).abs().max().item<double>();
        }

        static Dictionary<string, Tensor> Gradients(NetworkModule module, Tensor images)
        {
            using var noise = new Generator(2);
            module.Train(noise);
            FusedNormFunction.BackwardFrom(module.call(images).square().mean());
            return module.Trained.ToDictionary(t => t.Key, t => t.Value.grad!);
        }
    }
}
