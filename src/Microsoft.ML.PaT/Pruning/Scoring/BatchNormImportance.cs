using Microsoft.ML.PaT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>The size of a batch-norm's scale; of the filter itself where a channel has no batch-norm, for either is the gain on an input of variance 1.</summary>
internal sealed class BatchNormImportance(ChannelGroups groups, TrainableNetwork network, GroupReduction reduction) : Importance
{
    private readonly ChannelRows _rows = ChannelRows.OfNorms(groups, network.Device);

    public override Tensor Score(int stretches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var scales = _rows.Norms.Select(n => network.Tensors[n.Scale].abs());
        var filters = _rows.Weights.Select(w => FilterImportance.L2(network.Tensors[w].flatten(1)));
        return _rows.Reduce(cat([.. scales, .. filters]), reduction).MoveToOuterDisposeScope();
    }

    public override void Dispose() => _rows.Dispose();
}
