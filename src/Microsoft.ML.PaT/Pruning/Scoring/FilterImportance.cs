using Microsoft.ML.PaT.Core;
using Microsoft.ML.PaT.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.PaT.Pruning.Scoring;

/// <summary>Criteria that need nothing but the weights of a layer: L1, L2, FPGM, LAMP. Filters of all layers lie side by side as rows.</summary>
internal sealed class FilterImportance(ChannelGroups groups, TrainableNetwork network, GroupReduction reduction, Func<Tensor, Tensor> ofFilters) : Importance
{
    private readonly ChannelRows _rows = ChannelRows.OfWeights(groups, network.Device);

    /// <summary>Sum of absolute values of each filter, [filters, values] to [filters].</summary>
    public static Tensor L1(Tensor filters) => filters.abs().sum(1);

    /// <summary>Euclidean norm of each filter.</summary>
    public static Tensor L2(Tensor filters) => filters.Squared().sum(1).sqrt_();

    /// <summary>Sum of the distances of each filter to all others of its layer.</summary>
    public static Tensor Distances(Tensor filters)
    {
        // |a - b|^2 = |a|^2 + |b|^2 - 2ab. Distances do not change when all filters move, and cancel less around their mean.
        var centered = filters.sub(filters.mean([0L]));
        var squares = centered.Squared().sum(1);
        return squares.unsqueeze(0).Plus(squares.unsqueeze(1)).sub_(centered.mm(centered.t()).Times_(2)).clamp_min_(Scalars.Zero).sqrt_().sum(1);
    }

    /// <summary>Squared norm of each filter over the sum of those that are no smaller.</summary>
    public static Tensor Lamp(Tensor filters)
    {
        var (squares, order) = filters.Squared().sum(1).sort(0, descending: true);
        return empty_like(squares).scatter_(0, order, squares.div(squares.cumsum(0)));
    }

    public override Tensor Score(int stretches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = _rows.Weights.Select(w => ofFilters(network.Tensors[w].flatten(1))).ToArray();
        return _rows.Reduce(cat(rows), reduction).MoveToOuterDisposeScope();
    }

    public override void Dispose() => _rows.Dispose();
}
