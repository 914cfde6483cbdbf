using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// The network of a run, and what hangs on its widths: what makes its input, what scores its channels, and which channels of the dense network
/// it still has. Owns them all; a cut replaces them, and nothing of the larger network stays alive unless it is to be learned from.
/// </summary>
internal sealed class NetworkInTraining : IDisposable
{
    private readonly PruningAwareTrainingOptions _options;
    private readonly ImageDataset _training;
    private readonly Normalization _normalization;
    private readonly ChannelGroups _dense;
    private readonly TargetPlanner? _planner;
    private readonly Communicator _ranks;

    /// <param name="options">What the run was asked for.</param>
    /// <param name="training">Images to train on; not disposed.</param>
    /// <param name="normalization">What they are normalized with.</param>
    /// <param name="dense">The channel groups of the dense network.</param>
    /// <param name="planner">How much is to go; null when nothing ever is.</param>
    /// <param name="network">The network to start with; owned from now on.</param>
    /// <param name="ranks">All begin with the network of rank 0, and have the same one after each cut; null for this process alone.</param>
    public NetworkInTraining(PruningAwareTrainingOptions options, ImageDataset training, Normalization normalization, ChannelGroups dense, TargetPlanner? planner, TrainableNetwork network, Communicator? ranks = null)
    {
        (_options, _training, _normalization, _dense, _planner, _ranks) = (options, training, normalization, dense, planner, ranks ?? SingleProcess.Instance);
        _ranks.Broadcast(network);
        Trained = network;
        Augmentation = NewAugmentation();
        Scorer = NewScorer();
    }

    /// <summary>The network as it is now.</summary>
    public TrainableNetwork Trained { get; private set; }

    /// <summary>What it is.</summary>
    public NetworkDefinition Definition => Trained.Definition;

    /// <summary>Turns bytes into its input.</summary>
    public BatchAugmentation Augmentation { get; private set; }

    /// <summary>Scores its channels; null when nothing is ever cut.</summary>
    public ChannelScorer? Scorer { get; private set; }

    /// <summary>The channels of the dense network that it has; null before the first cut, and where the run began with a network that was cut by another.</summary>
    public PruningPlan? Plan { get; set; }

    /// <summary>How the last cut left it lying in memory, and why; null before the first.</summary>
    public MemoryFormatChoice? MemoryFormat { get; private set; }

    /// <summary>The dense network, once it is cut, for the compact one to learn from; null unless that was asked for.</summary>
    public Teacher? Teacher { get; private set; }

    /// <summary>Gives back the dense network to learn from, from a checkpoint.</summary>
    /// <param name="state">Its tensors; empty where there was none.</param>
    public void RestoreTeacher(IReadOnlyDictionary<string, torch.Tensor> state)
    {
        if (state.Count > 0) Teacher = new(_options.Pruning.Distillation!, TrainableNetwork.Restore(_dense.Definition, state, Trained.Device, kernels: _options.Training.Kernels));
    }

    /// <summary>IterativeSteps the network.</summary>
    /// <param name="next">What to keep of it as it is now.</param>
    public void Cut(PruningPlan next)
    {
        var groups = Scorer!.Groups;
        _ranks.RequireSame("cuts", new Dictionary<string, string> { ["the hash of the plan"] = Hash(next) });
        _ranks.AverageStatistics(Trained);
        _ranks.Broadcast(Trained); // machines that round differently have different last bits
        var isDense = Plan is null && Definition.ToJson() == _dense.Definition.ToJson();
        Plan = isDense ? next : Plan?.Then(_dense, next, groups);
        if (isDense && _options.Pruning.Distillation is { } distillation)
        {
            using var average = WeightAverage.Show(Trained);
            Teacher = new(distillation, Trained.Copy());
        }
        var surgeon = new ChannelPruner(groups, next);
        MemoryFormat = MemoryFormatProbe.ChooseOnAllRanks(surgeon.Definition, Trained.Device, _options.Training, _ranks);
        var smaller = Trained.Cut(surgeon, MemoryFormat.Value.ChannelsLast);
        Release();
        Trained = smaller;
        _ranks.RequireSame(Trained, "after the cut");
        Augmentation = NewAugmentation();
        Scorer = NewScorer();
    }

    public void Dispose()
    {
        Release();
        Teacher?.Dispose();
    }

    private void Release()
    {
        Scorer?.Dispose();
        Augmentation.Dispose();
        Trained.Dispose();
    }

    private static string Hash(PruningPlan plan) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(';', plan.Kept.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}:{string.Join(',', g.Value)}")))))[..16];

    private BatchAugmentation NewAugmentation() => new(_training.Shape, _options.Images, _normalization, Trained.Device, Trained.ChannelsLast);

    private ChannelScorer? NewScorer() => _planner is null
        ? null
        : new(_options.Pruning.Scoring, Trained, new(_training, _options.Training, _options.Images, _normalization), _options.Training.Seed, _planner, _ranks);
}
