using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Training;

/// <summary>
/// A copy of the network with the highest validation accuracy, which a stopped run returns. Owns its tensors, which are
/// on the CPU.
/// </summary>
internal sealed class BestNetwork : IDisposable
{
    /// <summary>Null before the first epoch.</summary>
    public BestEpoch? Epoch { get; private set; }

    /// <summary>Tensors by name; empty before the first epoch.</summary>
    public Dictionary<string, Tensor> Weights { get; } = [];

    /// <summary>Copies the network if it is better than all before. If several are equal, the first is kept.</summary>
    /// <param name="epoch">Index of the epoch.</param>
    /// <param name="accuracy">Validation accuracy, 0 to 1.</param>
    public void UpdateIfBetter(TrainableNetwork network, int epoch, double accuracy)
    {
        if (accuracy <= Epoch?.Accuracy) return;
        Restore(new(epoch, accuracy), network.Tensors);
    }

    /// <summary>Restores the state of a checkpoint.</summary>
    public void Restore(BestEpoch? epoch, IReadOnlyDictionary<string, Tensor> weights)
    {
        Clear();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in weights)
            Weights[name] = tensor.detach().cpu().contiguous().clone().DetachFromDisposeScope();
        Epoch = epoch;
    }

    public void Clear()
    {
        foreach (var tensor in Weights.Values) tensor.Dispose();
        Weights.Clear();
        Epoch = null;
    }

    public void Dispose() => Clear();
}
