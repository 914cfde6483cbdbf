using Microsoft.ML.PaT.Data;
using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Pruning.Scoring;
using Microsoft.ML.PaT.Training;
using TorchSharp;

namespace Microsoft.ML.PaT.Runs;

/// <summary>
/// The network of a run with everything that depends on its widths: augmentation, scorer and plan. Owns them. Pruning
/// replaces them and disposes the larger network; distillation keeps a copy of it as the teacher.
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
    /// Broadcasts the network of rank 0. Takes ownership of the network, not of the images. The planner is null if the
    /// policy never prunes.
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

    public TrainableNetwork Trained { get; private set; }

    public NetworkDefinition Definition => Trained.Definition;

    /// <summary>Converts bytes to the network's input.</summary>
    public BatchAugmentation Augmentation { get; private set; }

    /// <summary>Null if the policy never prunes.</summary>
    public ChannelScorer? Scorer { get; private set; }

    /// <summary>
    /// The kept channels of the dense network; null before pruning, and if the run started with a pruned network.
    /// </summary>
    public PruningPlan? Plan { get; set; }

    /// <summary>The memory format after the latest pruning step; null before the first.</summary>
    public MemoryFormatChoice? MemoryFormat { get; private set; }

    /// <summary>The dense network, for distillation; null before pruning and without distillation.</summary>
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

    /// <exception cref="DistributedTrainingException">Plans or networks differ between ranks.</exception>
    public void Prune(PruningPlan next)
    {
        var groups = Scorer!.Groups;
        _ranks.RequireSame("pruning plans", new Dictionary<string, string> { ["the hash of the plan"] = Hash(next) });
        _ranks.AverageStatistics(Trained);
        _ranks.Broadcast(Trained); // rounding differs between machines, so replicas may have diverged
        var isDense = Plan is null && Definition.ToJson() == _dense.Definition.ToJson();
        Plan = isDense ? next : Plan?.Then(_dense, next, groups);
        if (isDense && _options.Pruning.Distillation is { } distillation)
        {
            using var average = WeightAverage.Show(Trained);
            Teacher = new(distillation, Trained.Copy());
        }
        var pruner = new ChannelPruner(groups, next);
        var (smallerDefinition, device) = (pruner.Definition, Trained.Device);
        MemoryFormat = MemoryFormatProbe.ChooseOnAllRanks(smallerDefinition, device, _options.Training, _ranks);
        var smaller = Trained.Prune(pruner, MemoryFormat.Value.ChannelsLast);
        Release();
        Trained = smaller;
        _ranks.RequireSame(Trained, "after pruning");
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
        return TextHash.Of(string.Join(';', groups));
    }

    private BatchAugmentation NewAugmentation() =>
        new(_training.Shape, _options.Images, _normalization, Trained.Device, Trained.ChannelsLast);

    private ChannelScorer? NewScorer()
    {
        if (_planner is null) return null;
        var seed = _options.Seed;
        var probe = new ProbeBatches(
            _training, _options.Training, seed, _options.Images, _normalization, _ranks.Size);
        return new(_options.Pruning.Scoring, Trained, probe, seed, _planner, _ranks);
    }
}
