using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.PaT.Training.Kernels;
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
            TinyRun.Options with { Training = TinyRun.Options.Training with { FusedNorms = false } });
        Assert.That(TrainingRecipe.FromJson(plain.Report.Recipe).Training.FusedNorms, Is.False);
        foreach (var (one, other) in fused.Report.Epochs.Zip(plain.Report.Epochs))
            Assert.That(one.TrainLoss, Is.EqualTo(other.TrainLoss).Within(0.02));
    }

    /// <summary>
    /// Deep networks amplify rounding, so the bound is the error of libtorch's float32 relative to float64. A value
    /// that rounding moves across a ReLU's zero changes gradients by percents, with either kernels: the median of
    /// three seeds counts.
    /// </summary>
    [TestCase("resnet8")]
    [TestCase("mobilenet_v2")]
    [TestCase("mobilenet_v3_small")]
    [TestCase("efficientnet_b0")]
    [TestCase("densenet40-cifar")]
    public void Every_gradient_is_as_close_to_float64_as_with_plain_operators(string name)
    {
        var definition = Networks.ByName(name).Build(new(3, 32, 32), 5);
        var errors = Enumerable.Range(1, 3).Select(seed => WorstErrors(definition, (ulong)seed)).ToList();
        Assert.That(Median(errors.Select(e => e.Fused)), Is.LessThan(5 * Median(errors.Select(e => e.Plain)) + 1e-4));

        static double Median(IEnumerable<double> values) => values.Order().ElementAt(1);
    }

    /// <summary>The largest error of a gradient, relative to the largest value of that gradient.</summary>
    private static (double Plain, double Fused) WorstErrors(NetworkDefinition definition, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var images = randn([8, 3, 32, 32], generator: generator);
        using var plain =
            TrainableNetwork.Initialize(definition, generator, CPU, channelsLast: true, fusedNorms: false);
        using var fused = new TrainableNetwork(definition, plain.Tensors, CPU, channelsLast: true);
        using var exact = new NetworkModule(definition, plain.Tensors.ToDictionary(
            t => t.Key, t => t.Value.detach().to(ScalarType.Float64).requires_grad_(t.Value.requires_grad)));
        var expected = Gradients(exact, images.to(ScalarType.Float64));
        return (Worst(Gradients(plain.Module, images)), Worst(Gradients(fused.Module, images)));

        double Worst(Dictionary<string, Tensor> gradients) => expected.Max(e =>
            gradients[e.Key].to(ScalarType.Float64).sub(e.Value).abs().max().item<double>()
            / (e.Value.abs().max().item<double>() + 1e-9));

        static Dictionary<string, Tensor> Gradients(NetworkModule module, Tensor images)
        {
            using var noise = new Generator(2);
            module.Train(noise);
            FusedNormFunction.BackwardFrom(module.call(images).square().mean());
            return module.Trained.ToDictionary(t => t.Key, t => t.Value.grad!);
        }
    }
}
