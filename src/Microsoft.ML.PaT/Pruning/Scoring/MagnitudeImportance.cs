using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>
/// Equation 2 of CVPR 2022: ||W_n||_2 / sqrt(P_n), W_n being all P_n weights of the layers that make channel n, over the coupled
/// group; the root mean square of a channel's weights.
/// </summary>
internal sealed class MagnitudeImportance(ChannelGroups groups, TrainableNetwork network) : Importance
{
    private readonly ChannelRows _rows = ChannelRows.OfWeights(groups, network.Device);

    public override Tensor Score(int stretches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var weights = _rows.Weights.Select(w => network.Tensors[w]).ToList();
        var squares = cat([.. weights.Select(w => ChannelRows.Sums(w.Squared()))]);
        var counts = cat([.. weights.Select(w => ones(w.shape[0], device: w.device).Times_(w.numel() / w.shape[0]))]);
        return _rows.Reduce(squares, GroupReduction.Sum).div_(_rows.Reduce(counts, GroupReduction.Sum)).sqrt_().MoveToOuterDisposeScope();
    }

    public override void Dispose() => _rows.Dispose();
}
