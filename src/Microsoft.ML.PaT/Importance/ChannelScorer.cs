namespace Microsoft.ML.PaT;

/// <summary>Scores the channels of one network in training by the criterion asked for: gathers gradients where it needs them, and makes groups comparable.</summary>
internal sealed class ChannelScorer : IDisposable
{
    private readonly PruningOptions _options;
    private readonly TaylorImportance? _taylor;

    public ChannelScorer(PruningOptions options, TrainableNetwork network)
    {
        _options = options;
        Network = network;
        Groups = ChannelGroups.Of(network.Definition);
        if (options.Criterion == ImportanceCriterion.Taylor) _taylor = new(Groups, network, options.Reduction);
    }

    /// <summary>The network whose channels are scored; not owned.</summary>
    public TrainableNetwork Network { get; }

    /// <summary>The channel groups of that network.</summary>
    public ChannelGroups Groups { get; }

    /// <summary>Whether scores come from gradients, so that there are none before the first batch.</summary>
    public bool NeedsGradients => _taylor is not null;

    /// <summary>Takes in the gradients of a batch.</summary>
    public void Gather() => _taylor?.Gather();

    /// <summary>One score a channel.</summary>
    /// <param name="stretches">For gradients: the mean goes over the batches since so many calls of this method.</param>
    public ChannelScores Score(int stretches) => ChannelScores.Of(
        Groups, _taylor?.Score(stretches) ?? MagnitudeImportance.Score(Groups, Network.Tensors), _options.Normalization);

    /// <summary>What was gathered since the last look, by name; owned by the caller.</summary>
    public Dictionary<string, TorchSharp.torch.Tensor> State() => _taylor?.State() ?? [];

    /// <summary>Goes on from what <see cref="State"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, TorchSharp.torch.Tensor> state)
    {
        if (state.Count > 0) _taylor?.Restore(state);
    }

    public void Dispose() => _taylor?.Dispose();
}
