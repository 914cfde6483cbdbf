using Microsoft.ML.PaT.Distributed;
using Microsoft.ML.PaT.Pruning.Budget;
using Microsoft.ML.PaT.Training;
using Microsoft.ML.PaT.Training.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>Scores the channels of one network in training by the criterion asked for, and makes groups comparable.</summary>
internal sealed class ChannelScorer : IDisposable
{
    private readonly ScoringSettings _options;
    private readonly ProbeBatches _images;
    private readonly int _seed;
    private readonly Func<ChannelGroups, ChannelScores, double, PruningPlan>? _towards;
    private readonly Importance _importance;
    private readonly Communicator _ranks;

    /// <summary>Prepares the scoring of a network.</summary>
    /// <param name="options">Criterion, reduction, normalization and ranking.</param>
    /// <param name="network">The network; not owned.</param>
    /// <param name="images">What criteria that need more than training gives are tried on.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="towards">The plan for a part of the way to the target (<see cref="TargetPlanner.Towards"/>), for criteria that work towards it; null where there is none, and they score once.</param>
    /// <param name="ranks">Their mean scores count; null for this process alone.</param>
    public ChannelScorer(ScoringSettings options, TrainableNetwork network, ProbeBatches images, int seed, Func<ChannelGroups, ChannelScores, double, PruningPlan>? towards, Communicator? ranks = null)
    {
        (_options, _images, _seed, _towards, _ranks) = (options, images, seed, towards, ranks ?? SingleProcess.Instance);
        Network = network;
        Groups = ChannelGroups.Of(network.Definition);
        _importance = Create(network);
    }

    /// <summary>The network whose channels are scored; not owned.</summary>
    public TrainableNetwork Network { get; }

    /// <summary>The channel groups of that network.</summary>
    public ChannelGroups Groups { get; }

    /// <summary>Whether scores come from the gradients of training, so that before the first batch there are only those of the probe images.</summary>
    public bool NeedsGradients => _importance is GradientImportance;

    /// <summary>Takes in the gradients of a batch.</summary>
    public void Gather() => _importance.Gather();

    /// <summary>One score a channel.</summary>
    /// <param name="stretches">For gradients: the mean goes over the batches since so many calls of this method.</param>
    public ChannelScores Score(int stretches)
    {
        using var scope = NewDisposeScope();
        return Comparable(_importance is GradientImportance { HasGathered: false } ? Probed() : _importance.Score(stretches));
    }

    /// <summary>What was gathered since the last look, by name; owned by the caller.</summary>
    public Dictionary<string, Tensor> State() => (_importance as GradientImportance)?.State() ?? [];

    /// <summary>Goes on from what <see cref="State"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        if (state.Count > 0) (_importance as GradientImportance)?.Restore(state, Network.Device);
    }

    public void Dispose() => _importance.Dispose();

    /// <summary>Scores by the gradients of the probe images.</summary>
    private Tensor Probed()
    {
        using var copy = Network.Copy();
        using var importance = Create(copy);
        _images.Show(copy, (logits, labels) =>
        {
            FusedNormFunction.BackwardFrom(nn.functional.cross_entropy(logits, labels));
            importance.Gather();
            copy.Decayed.Gradients.zero_();
            copy.Undecayed.Gradients.zero_();
        });
        return importance.Score(stretches: 1);
    }

    private ChannelScores Comparable(Tensor scores)
    {
        var values = scores.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        _ranks.AllReduce(values.AsSpan(), Reduction.Sum);
        return ChannelScores.Of(Groups, Array.ConvertAll(values, v => v / _ranks.Size), _options.Normalization, _options.Ranking);
    }

    private Importance Create(TrainableNetwork network) => _options.Criterion switch
    {
        ImportanceCriterion.Magnitude => new MagnitudeImportance(Groups, network),
        ImportanceCriterion.TaylorWeights => new TaylorWeightsImportance(Groups, network, _options.Reduction),
        ImportanceCriterion.L1 => new FilterImportance(Groups, network, _options.Reduction, FilterImportance.L1),
        ImportanceCriterion.L2 => new FilterImportance(Groups, network, _options.Reduction, FilterImportance.L2),
        ImportanceCriterion.BatchNormScale => new BatchNormImportance(Groups, network, _options.Reduction),
        ImportanceCriterion.Fpgm => new FilterImportance(Groups, network, _options.Reduction, FilterImportance.Distances),
        ImportanceCriterion.Lamp => new FilterImportance(Groups, network, _options.Reduction, FilterImportance.Lamp),
        ImportanceCriterion.Random => new RandomImportance(Groups, _seed),
        ImportanceCriterion.Snip => new SnipImportance(Groups, network, _images, _options.Reduction),
        ImportanceCriterion.Grasp => new GraspImportance(Groups, network, _images, _options.Reduction),
        ImportanceCriterion.SynFlow => new SynFlowImportance(Groups, network, _options.Reduction, (scores, part) => _towards!(Groups, Comparable(scores), part), _towards is null ? 1 : SynFlowImportance.PublishedRounds),
        _ => new TaylorImportance(Groups, network, _options.Reduction),
    };
}
