using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Runs;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Benchmark;

/// <summary>The same weights in this library: the classifier alone, and fine-tuned with pruning.</summary>
internal static class Ours
{
    /// <summary>The classifier on the features of the given weights.</summary>
    public static Cell Head(Photographs photographs, int size, int seed)
    {
        torch.set_num_threads(1);
        var options = Options(size, seed, []);
        var clock = Clock.Start();
        using var images = Photographs.Decode(photographs.Training, size);
        using var generator = new torch.Generator((ulong)seed);
        var (network, normalization, _) = InitialNetwork.Of(
            options, options.Network!.Build(images.Shape, images.Classes.Count), images, generator, torch.CPU);
        using var owned = network;
        using var augmentation = new BatchAugmentation(
            images.Shape, options.Images, normalization, torch.CPU, network.ChannelsLast);
        ClassifierFit.Run(network, images, augmentation, weights: null, CancellationToken.None);
        var cell = new Cell("head", size, seed, clock.Elapsed);
        if (seed > 1) return cell;
        clock = Clock.Start();
        using var test = Photographs.Decode(photographs.Test, size);
        var accuracy = Evaluation.Accuracy(network, test, augmentation);
        return cell with { Accuracy = accuracy, Testing = clock.Elapsed };
    }

    /// <summary>The preset <c>finetune</c>, pruned to less than half of the multiply-accumulates.</summary>
    public static Cell Tuned(Photographs photographs, int size, int seed, string[] settings)
    {
        var clock = Clock.Start();
        using var images = Photographs.Decode(photographs.Training, size);
        using var trained = PruningTrainer.Train(images, Options(size, seed, settings));
        var cell = new Cell("tuned", size, seed, clock.Elapsed);
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
        var report = trained.Report;
        return cell with
        {
            Settings = string.Join(' ', settings),
            Accuracy = (double)right / test.Count,
            Testing = clock.Elapsed,
            PruneEpoch = report.PruneEpoch,
            Dense = report.Dense,
            Compact = report.Compact,
        };
    }

    private static PruningAwareTrainingOptions Options(int size, int seed, string[] settings)
    {
        var preset = RecipePresets.FineTune;
        var recipe = preset with
        {
            Network = Networks.PretrainedResNet18(),
            Images = preset.Images with { Height = size, Width = size, Resizing = ImageResizing.Fill },
            Pruning = preset.Pruning with { Target = PruningTarget.Macs(0.55) },
            Training = preset.Training with { ValidationFraction = 0 },
            Seed = seed,
        };
        foreach (var setting in settings)
        {
            var (path, value) = (setting.Split('=')[0], setting.Split('=')[1]);
            recipe = recipe.With(path, value);
        }
        return new(recipe)
        {
            Threads = 1,
            Device = ComputeDevice.Cpu,
            Observers = [IRunObserver.Of(e => { if (e is not StepProgressed) Console.Error.WriteLine(e.Text); })],
        };
    }
}
