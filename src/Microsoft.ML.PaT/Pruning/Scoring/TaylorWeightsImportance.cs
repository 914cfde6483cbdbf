using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>The weight form of the Taylor score (CVPR 2019): the mean over an epoch's batches of the sum of (w*dL/dw)^2 over the filter.</summary>
internal sealed class TaylorWeightsImportance(ChannelGroups groups, TrainableNetwork network, GroupReduction reduction) : GradientImportance
{
    private readonly ChannelRows _rows = ChannelRows.OfWeights(groups, network.Device);

    protected override Tensor OfBatch() => cat([.. _rows.Weights.Select(w => ChannelRows.Sums(network.Tensors[w].mul(network.Tensors[w].grad!).Squared()))]);

    protected override Tensor OfMean(Tensor mean) => _rows.Reduce(mean, reduction);

    public override void Dispose()
    {
        base.Dispose();
        _rows.Dispose();
    }
}
