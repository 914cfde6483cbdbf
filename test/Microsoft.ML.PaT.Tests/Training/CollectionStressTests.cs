using System.Diagnostics;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>Garbage collections must not free what libtorch still reads: docs/decisions/scalars.md.</summary>
public class CollectionStressTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(20);

    [TestCase(Optimizer.Sgd), TestCase(Optimizer.AdamW), TestCase(Optimizer.Lars), Category("Long")]
    public void Collections_change_no_bit_of_a_run(Optimizer optimizer)
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            var expected = Weights(optimizer);
            using var stop = new CancellationTokenSource();
            var collecting = Task.Factory.StartNew(() => Collect(stop.Token), TaskCreationOptions.LongRunning);
            var (watch, runs) = (Stopwatch.StartNew(), 0);
            for (; watch.Elapsed < s_time; runs++) Assert.That(Weights(optimizer), Is.EqualTo(expected), $"run {runs}");
            stop.Cancel();
            TestContext.Out.WriteLine($"{runs} runs, {collecting.GetAwaiter().GetResult()} collections");
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Test]
    public void A_step_makes_no_tensor_outside_of_a_scope()
    {
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var images = TinyImages.Store(24);
        Assert.That(Outside(batchSize: 8), Is.EqualTo(Outside(batchSize: 24)));

        long Outside(int batchSize)
        {
            DisposeScopeManager.Statistics.Reset();
            Train(network, images, Optimizer.AdamW, epochs: 2, batchSize);
            return DisposeScopeManager.Statistics.CreatedOutsideScopeCount;
        }
    }

    private static float[] Weights(Optimizer optimizer)
    {
        using var scope = torch.NewDisposeScope();
        using var network = TinyNetworks.Trainable(TinyNetworks.ResNet8());
        using var images = TinyImages.Store(24);
        Train(network, images, optimizer, epochs: 3);
        return [.. network.Decayed.Values.data<float>(), .. network.Undecayed.Values.data<float>()];
    }

    /// <summary>Trains with all augmentations and gradient options.</summary>
    private static void Train(
        TrainableNetwork network, ImageDataset images, Optimizer optimizer, int epochs, int batchSize = 8)
    {
        using var generator = new torch.Generator(1);
        TrainingOptions training = new()
        {
            Optimizer = optimizer,
            Epochs = epochs,
            BatchSize = batchSize,
            LearningRate = 0.01,
            WeightDecay = 1e-3,
            Nesterov = false,
            MaxGradientNorm = 1,
            EmaDecay = 0.9,
            Mixup = 0.2,
            CutMix = 1,
            LabelSmoothing = 0.1,
        };
        foreach (double? crop in new double?[] { null, 0.5 })
        {
            ImageOptions variation = new()
            {
                RandomCropPadding = 1, Cutout = 2, RandomResizedCropMinScale = crop,
                ColorJitter = new() { Brightness = 0.2, Contrast = 0.2, Saturation = 0.2 },
            };
            using var augmentation = new BatchAugmentation(
                images.Shape, variation, TinyClassifiers.Normalization, torch.CPU, network.ChannelsLast);
            using var loop = new TrainingLoop(images, training, torch.CPU, generator, CancellationToken.None);
            for (var epoch = 0; epoch < epochs; epoch++)
                loop.Train(network, augmentation, epoch, 0, loop.StepsPerEpoch, null);
        }
    }

    private static int Collect(CancellationToken stop)
    {
        var count = 0;
        for (; !stop.IsCancellationRequested; count++) GC.Collect(0);
        return count;
    }
}
