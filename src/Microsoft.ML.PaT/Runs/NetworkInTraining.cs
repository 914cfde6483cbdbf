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
/// The network of a run and what depends on its widths: augmentation, channel scores, and the plan of what was kept.
/// Owns them; pruning replaces them and disposes the larger network, unless that becomes the teacher.
/// </summary>
internal sealed class NetworkInTraining : IDisposable
{
    private readonly PruningAwareTrainingOptions _options;
    private readonly ImageDataset _training;
    private readonly Normalization _normalization;
    private readonly ChannelGroups _dense;
    private readonly TargetPlanner? _planner;
    private readonly Communicator _ranks;

    /// <summary>
    /// All ranks start with the network of rank 0, and have the same one after each pruning step. The network is owned
    /// from now on; the images are not disposed. No planner: the policy never prunes.
    /// </summary>
    public NetworkInTraining(
        PruningAwareTrainingOptions options, ImageDataset training, Normalization normalization, ChannelGroups dense,
        TargetPlanner? planner, TrainableNetwork network, Communicator? ranks = null)
    {
        (_options, _training, _normalization) = (options, training, normalization);
        (_dense, _planner, _ranks) = (dense, planner, ranks ?? SingleProcess.Instance);
        _ranks.Broadcast(network);
        Trained = network;
        Augmentation = NewAugmentation();
        Scorer = NewScorer();
    }

    /// <summary>The present network.</summary>
    public TrainableNetwork Trained { get; private set; }

    public NetworkDefinition Definition => Trained.Definition;

    /// <summary>Turns bytes into its input.</summary>
    public BatchAugmentation Augmentation { get; private set; }

    /// <summary>Scores its channels; null where the policy never prunes.</summary>
    public ChannelScorer? Scorer { get; private set; }

    /// <summary>
    /// The channels of the dense network that it has; null before pruning, and where the run started with a network
    /// that another run had pruned.
    /// </summary>
    public PruningPlan? Plan { get; set; }

    /// <summary>Its memory format after the latest pruning step, and why; null before the first.</summary>
    public MemoryFormatChoice? MemoryFormat { get; private set; }

    /// <summary>The dense network after pruning, for distillation; null without it.</summary>
    public Teacher? Teacher { get; private set; }

    /// <param name="state">The tensors of the teacher in a checkpoint; empty for none.</param>
    public void RestoreTeacher(IReadOnlyDictionary<string, torch.Tensor> state)
    {
        if (state.Count == 0) return;
        Teacher = new(
            _options.Pruning.Distillation!,
            TrainableNetwork.Restore(
                _dense.Definition, state, Trained.Device, fusedNorms: _options.Training.FusedNorms));
    }

    /// <param name="next">What to keep of the present network.</param>
    /// <exception cref="DistributedTrainingException">The plans of two ranks, or their networks, differ.</exception>
    public void Cut(PruningPlan next)
    {
        var groups = Scorer!.Groups;
        _ranks.RequireSame("cuts", new Dictionary<string, string> { ["the hash of the plan"] = Hash(next) });
        _ranks.AverageStatistics(Trained);
        _ranks.Broadcast(Trained); // rounding differs between machines, so replicas may have diverged
        var isDense = Plan is null && Definition.ToJson() == _dense.Definition.ToJson();
        Plan = isDense ? next : Plan?.Then(_dense, next, groups);
        if (isDense && _options.Pruning.Distillation is { } distillation)
        {
            using var average = WeightAverage.Show(Trained);
            Teacher = new(distillation, Trained.Copy());
        }
        var surgeon = new ChannelPruner(groups, next);
        var (smallerDefinition, device) = (surgeon.Definition, Trained.Device);
        MemoryFormat = MemoryFormatProbe.ChooseOnAllRanks(smallerDefinition, device, _options.Training, _ranks);
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

    private static string Hash(PruningPlan plan)
    {
        var groups = plan.Kept.OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Key}:{string.Join(',', g.Value)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(';', groups))))[..16];
    }

    private BatchAugmentation NewAugmentation() =>
        new(_training.Shape, _options.Images, _normalization, Trained.Device, Trained.ChannelsLast);

    private ChannelScorer? NewScorer()
    {
        if (_planner is null) return null;
        var seed = _options.Seed;
        var probe = new ProbeBatches(_training, _options.Training, seed, _options.Images, _normalization);
        return new(_options.Pruning.Scoring, Trained, probe, seed, _planner, _ranks);
    }
}
