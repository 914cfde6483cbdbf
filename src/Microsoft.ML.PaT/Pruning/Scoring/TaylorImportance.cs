using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Modeling;
using Microsoft.ML.PaT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// The gradient score of CVPR 2022, equation 2: the mean over an epoch's batches of |gamma*dL/dgamma + beta*dL/dbeta| of the batch-norms of
/// a channel, from the gradients that training makes anyway. All norms lie in one flat buffer, so a batch costs six small operators.
/// Channels without a batch-norm are scored by their filters instead: |sum of w*dL/dw|.
/// </summary>
internal sealed class TaylorImportance : GradientImportance
{
    private readonly TrainableNetwork _network;
    private readonly GroupReduction _reduction;
    private readonly ChannelRows _rows;
    private readonly Tensor _scales, _shifts;

    /// <summary>Prepares the gathering.</summary>
    /// <param name="groups">The groups of the network.</param>
    /// <param name="network">The network; not owned.</param>
    /// <param name="reduction">How the layers of a channel become one score.</param>
    public TaylorImportance(ChannelGroups groups, TrainableNetwork network, GroupReduction reduction)
    {
        (_network, _reduction) = (network, reduction);
        _rows = ChannelRows.OfNorms(groups, network.Device);
        _scales = Positions(n => n.Scale);
        _shifts = Positions(n => n.Shift);

        Tensor Positions(Func<BatchNormLayer, string> name)
        {
            long[] positions = [.. _rows.Norms.SelectMany(n => Enumerable.Range(0, n.Channels).Select(c => network.Undecayed.Offset(name(n)) + c))];
            return tensor(positions, device: network.Device).DetachFromDisposeScope();
        }
    }

    // As published, layers are summed with their signs before the absolute value is taken; otherwise each layer has its own.
    protected override Tensor OfBatch()
    {
        var products = _network.Undecayed.Values.mul(_network.Undecayed.Gradients);
        var norms = products.index_select(0, _scales).Plus_(products.index_select(0, _shifts));
        var filters = _rows.Weights.Select(w => ChannelRows.Sums(_network.Tensors[w].mul(_network.Tensors[w].grad!)));
        var rows = _rows.Weights.Count == 0 ? norms : cat([norms, .. filters]);
        return _reduction == GroupReduction.Sum ? _rows.Reduce(rows, GroupReduction.Sum).abs_() : rows.abs_();
    }

    protected override Tensor OfMean(Tensor mean) => _reduction == GroupReduction.Sum ? mean : _rows.Reduce(mean, _reduction);

    public override void Dispose()
    {
        base.Dispose();
        _rows.Dispose();
        _scales.Dispose();
        _shifts.Dispose();
    }
}
