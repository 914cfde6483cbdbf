using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>The same weights in this library: the classifier alone, and fine-tuned with pruning.</summary>
internal static class Ours
{
    /// <summary>The classifier on the features of the given weights.</summary>
    public static Cell Head(Photographs photographs, int size, int threads)
    {
        torch.set_num_threads(threads);
        var options = Options(size, seed: 1, threads);
        var clock = Clock.Start();
        using var images = Photographs.Decode(photographs.Training, size);
        using var generator = new torch.Generator(1);
        var (network, normalization, _) = InitialNetwork.Of(
            options, options.Network!.Build(images.Shape, images.Classes.Count), images, generator, torch.CPU);
        using var owned = network;
        using var augmentation = new BatchAugmentation(
            images.Shape, options.Images, normalization, torch.CPU, network.ChannelsLast);
        ClassifierFit.Run(network, images, augmentation, weights: null);
        var training = clock.Elapsed;
        clock = Clock.Start();
        using var test = Photographs.Decode(photographs.Test, size);
        var accuracy = Evaluation.Accuracy(network, test, augmentation);
        return new("head", size, Seed: 1, accuracy, training, clock.Elapsed);
    }

    /// <summary>The preset <c>finetune</c>, pruned to half of the multiply-accumulates.</summary>
    public static Cell Tuned(Photographs photographs, int size, int seed, int threads)
    {
        var clock = Clock.Start();
        using var images = Photographs.Decode(photographs.Training, size);
        using var trained = PruningTrainer.Train(images, Options(size, seed, threads));
        var training = clock.Elapsed;
        clock = Clock.Start();
        using var test = Photographs.Decode(photographs.Test, size);
        var right = 0;
        var (scores, labels) = (new float[test.Classes.Count], test.Labels.data<long>().ToArray());
        for (var i = 0; i < test.Count; i++)
        {
            using var image = test.Read(i, 1);
            trained.Classifier.Score(image.bytes, scores);
            if (Array.IndexOf(scores, scores.Max()) == labels[i]) right++;
        }
        var (dense, compact) = (trained.Report.Dense, trained.Report.Compact!);
        return new(
            "tuned", size, seed, (double)right / test.Count, training, clock.Elapsed, [dense.Macs, compact.Macs],
            [dense.LatencyMs, compact.LatencyMs]);
    }

    private static PruningAwareTrainingOptions Options(int size, int seed, int threads)
    {
        var recipe = RecipePresets.FineTune;
        return new(recipe with
        {
            Network = Networks.PretrainedResNet18(),
            Images = recipe.Images with { Height = size, Width = size, Resizing = ImageResizing.Fill },
            Pruning = recipe.Pruning with { Target = PruningTarget.Macs(0.5) },
            Training = recipe.Training with { ValidationFraction = 0 },
            Seed = seed,
        })
        {
            Threads = threads, Device = ComputeDevice.Cpu,
        };
    }
}
