using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Internal;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Reporting;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// Removes a fraction of the channels of one group at a time, the least important first, and measures the accuracy
/// without any training afterwards (He et al., AMC, and Li et al., PFEC, choose ratios by such curves).
/// </summary>
internal sealed class SensitivityAnalysis(PruningAwareTrainingOptions options, torch.Device device)
{
    /// <param name="images">
    /// Images to score, and to compute gradients on if the criterion needs them; not disposed.
    /// </param>
    /// <param name="ratios">
    /// Fractions of a group's channels to remove, 0 to 1, 1 excluded; at least one channel stays.
    /// </param>
    /// <exception cref="InvalidFileException">The weights are not those of the network.</exception>
    public SensitivityReport Measure(ImageDataset images, IReadOnlyList<double> ratios)
    {
        using var torchScope = new TorchScope();
        if (options.Threads is { } threads) TorchScope.UseThreads(threads);
        var definition = options.NetworkFor(images.Shape, images.Classes.Count);
        using var generator = new torch.Generator((ulong)options.Seed);
        var (network, normalization, _) = InitialNetwork.Of(options, definition, images, generator, device);
        using var owned = network;
        var probe = new ProbeBatches(images, options.Training, options.Seed, options.Images, normalization);
        var (settings, seed) = (options.Pruning.Scoring, options.Seed);
        using var scorer = new ChannelScorer(settings, network, probe, seed, planner: null);
        var scores = scorer.Score(observations: 1);
        var groups = scorer.Groups.Groups;
        return new()
        {
            Network = definition.Name,
            Criterion = options.Pruning.Criterion.Name,
            Images = images.Count,
            Accuracy = Accuracy(network),
            Ratios = [.. ratios],
            Groups = [.. groups.Select((group, g) => MeasureGroup(group, scores.Values[g]))],
            Machine = MachineDescription.Of(options.Threads),
        };

        GroupSensitivity MeasureGroup(ChannelGroup group, double[] importance)
        {
            var best = Enumerable.Range(0, group.Width).OrderByDescending(c => importance[c]).ToArray();
            var kept = ratios.Select(ratio => Math.Max(1, group.Width - (int)Math.Round(ratio * group.Width)))
                .ToArray();
            return new(group.Name, group.Width, kept, Array.ConvertAll(kept, count => WithOnly(group, best[..count])));
        }

        double WithOnly(ChannelGroup group, int[] channels)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            Array.Sort(channels);
            var kept = groups.ToDictionary(g => g.Name, g => g == group ? channels : [.. Enumerable.Range(0, g.Width)]);
            using var pruned = network.Prune(new(scorer.Groups, new PruningPlan(kept)));
            return Accuracy(pruned);
        }

        double Accuracy(TrainableNetwork measured)
        {
            var channelsLast = measured.ChannelsLast;
            using var augmentation = new BatchAugmentation(
                images.Shape, options.Images, normalization, device, channelsLast);
            return Evaluation.Accuracy(measured, images, augmentation);
        }
    }
}
