using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Micro-batches and gradient clipping.</summary>
public class GradientTests
{
    [TestCase(0.5)]
    [TestCase(1e6)]
    public void Gradients_are_clipped_to_the_length_of_all_of_them_together(double limit)
    {
        using var scope = torch.NewDisposeScope();
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        network.Decayed.Gradients.copy_(network.Decayed.Values);
        network.Undecayed.Gradients.copy_(network.Undecayed.Values);
        var norm = Norm();
        GradientClipping.Clip(network, limit);
        Assert.That(Norm(), Is.EqualTo(Math.Min(norm, limit)).Within(1e-5 * norm));
        var factor = Math.Min(1, limit / norm);
        TensorAssert.Close(network.Undecayed.Gradients, network.Undecayed.Values.mul(factor), 1e-5);
        network.Decayed.Gradients.zero_();
        network.Undecayed.Gradients.zero_();
        GradientClipping.Clip(network, limit);
        Assert.That(Norm(), Is.Zero, "nothing to shorten");

        double Norm() => Math.Sqrt(Square(network.Decayed.Gradients) + Square(network.Undecayed.Gradients));

        static double Square(torch.Tensor flat) => flat.to(torch.float64).square().sum().item<double>();
    }

    // 22 images: micro-batches of 5 and 6; of one image; more micro-batches than images.
    [TestCase(4, 4)]
    [TestCase(22, 22)]
    [TestCase(100, 22)]
    public void A_batch_in_parts_has_the_gradient_of_the_whole(int parts, int expected)
    {
        using var scope = torch.NewDisposeScope();
        using var images = TinyImages.Store(22);
        var options = new TrainingOptions { BatchSize = 100, LabelSmoothing = 0.1, Mixup = 0.5 };
        using var batches = new EpochBatches(images, options.BatchSize, new torch.Generator(1));
        Assert.That(batches.Parts(0, parts).Count(), Is.EqualTo(expected));
        Assert.That(batches.Parts(0, parts).Sum(p => p.Count), Is.EqualTo(22));

        var (whole, lossOfWhole) = Gradient(options);
        var (sum, lossOfParts) = Gradient(options with { GradientAccumulationSteps = parts });
        Assert.That(sum, Is.EqualTo(whole).Within(1e-6));
        Assert.That(lossOfParts, Is.EqualTo(lossOfWhole).Within(1e-6));

        (float[], double) Gradient(TrainingOptions training)
        {
            // Without batch-norms, whose statistics would be those of a micro-batch.
            var builder = new NetworkBuilder("plain", images.Shape);
            var x = builder.Relu(
                "relu", builder.Convolution("conv", NetworkDefinition.InputName, 8, kernel: 3, bias: true));
            builder.Linear("fc", builder.GlobalAveragePool("pool", x), 3);
            using var network = TinyNetworks.Trainable(builder.Build());
            using var generator = new torch.Generator(7);
            using var augmentation = new BatchAugmentation(
                images.Shape,
                new() { RandomCropPadding = 2 },
                TinyClassifiers.Normalization,
                torch.CPU,
                network.ChannelsLast);
            using var loop = new TrainingLoop(images, training, torch.CPU, generator, default);
            var seen = new List<float[]>();
            var stretch = loop.Train(network, augmentation, 0, 0, 1, () =>
                seen.Add(network.Decayed.Gradients.data<float>().ToArray()));
            Assert.That(seen, Has.Count.EqualTo(1), "who scores is given the whole gradient, once a step");
            return (seen[0], stretch.Loss);
        }
    }
}
