using Microsoft.ML.PaT.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>The weights of the epoch with the highest validation accuracy, for a run that is stopped. Owns a copy of them, on the CPU.</summary>
internal sealed class BestNetwork : IDisposable
{
    /// <summary>That epoch; null before the first one.</summary>
    public BestEpoch? Epoch { get; private set; }

    /// <summary>Its tensors by name; empty before the first one.</summary>
    public Dictionary<string, Tensor> Weights { get; } = [];

    /// <summary>Takes the network over when it is better than all before. Of equals the first stays.</summary>
    /// <param name="network">The network; copied.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="accuracy">Its validation accuracy, fraction 0 to 1.</param>
    public void UpdateIfBetter(TrainableNetwork network, int epoch, double accuracy)
    {
        if (accuracy <= Epoch?.Accuracy) return;
        Restore(new(epoch, accuracy), network.Tensors);
    }

    /// <summary>Takes over what a checkpoint has.</summary>
    public void Restore(BestEpoch? epoch, IReadOnlyDictionary<string, Tensor> weights)
    {
        Clear();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in weights) Weights[name] = tensor.detach().cpu().contiguous().clone().DetachFromDisposeScope();
        Epoch = epoch;
    }

    /// <summary>Forgets.</summary>
    public void Clear()
    {
        foreach (var tensor in Weights.Values) tensor.Dispose();
        Weights.Clear();
        Epoch = null;
    }

    public void Dispose() => Clear();
}
